import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { z } from 'zod';
import { datatypeOfRuntime, type Datatype } from '../datatypes.ts';
import { buffersOf, type RunOrder, type SessionNews } from './session-messages.ts';
import type { Tensor } from './tensor.ts';

/**
 * The thread that computes: a run blocks the thread it is on until it is over, and the worker has to answer for its
 * life meanwhile.
 */

const port = parentPort;
assert(port !== null, 'this runs as a thread');
const { path, threads } = z.object({ path: z.string(), threads: z.number() }).parse(workerData);

// Where there are halves (Node 24), the runtime's JavaScript makes tensors of them, and its native part finds them empty:
// "not enough space: expected 4, got 0" (onnxruntime-node 1.30). Without them it takes their bits, as it does on Node 20.
Reflect.deleteProperty(globalThis, 'Float16Array');

function tell(news: SessionNews, buffers: ArrayBuffer[] = []): void {
  port?.postMessage(news, buffers);
}

type Make = (bytes: Uint8Array<ArrayBuffer>, shape: readonly number[]) => RuntimeTensor;

/** The typed arrays that ONNX Runtime wants; the memory is aligned, as `Tensor` says. */
const makers: Readonly<Record<Exclude<Datatype, 'BYTES'>, Make>> = {
  BOOL: (bytes, shape) => new RuntimeTensor('bool', bytes, shape),
  UINT8: (bytes, shape) => new RuntimeTensor('uint8', bytes, shape),
  INT8: (bytes, shape) => new RuntimeTensor('int8', new Int8Array(bytes.buffer), shape),
  UINT16: (bytes, shape) => new RuntimeTensor('uint16', new Uint16Array(bytes.buffer), shape),
  INT16: (bytes, shape) => new RuntimeTensor('int16', new Int16Array(bytes.buffer), shape),
  UINT32: (bytes, shape) => new RuntimeTensor('uint32', new Uint32Array(bytes.buffer), shape),
  INT32: (bytes, shape) => new RuntimeTensor('int32', new Int32Array(bytes.buffer), shape),
  UINT64: (bytes, shape) => new RuntimeTensor('uint64', new BigUint64Array(bytes.buffer), shape),
  INT64: (bytes, shape) => new RuntimeTensor('int64', new BigInt64Array(bytes.buffer), shape),
  FP16: (bytes, shape) => new RuntimeTensor('float16', new Uint16Array(bytes.buffer), shape),
  FP32: (bytes, shape) => new RuntimeTensor('float32', new Float32Array(bytes.buffer), shape),
  FP64: (bytes, shape) => new RuntimeTensor('float64', new Float64Array(bytes.buffer), shape),
};

function toRuntime({ datatype, shape, data }: Tensor): RuntimeTensor {
  if (datatype === 'BYTES' || !(data instanceof Uint8Array))
    return new RuntimeTensor('string', Array.isArray(data) ? data : [], shape);
  const whole = data.byteLength === data.buffer.byteLength ? data : new Uint8Array(data);
  return makers[datatype](whole, shape);
}

function fromRuntime(name: string, { type, dims, data }: RuntimeTensor): Tensor {
  const datatype = datatypeOfRuntime(type);
  assert(datatype !== undefined, `the output "${name}" has a type without a name`);
  if (Array.isArray(data)) return { datatype, shape: [...dims], data };
  assert(ArrayBuffer.isView(data), 'what is no list of texts is a typed array');
  // The runtime's memory stays with the runtime.
  const bytes = new Uint8Array(data.byteLength);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return { datatype, shape: [...dims], data: bytes };
}

async function run(session: InferenceSession, { id, feeds, outputs }: RunOrder): Promise<void> {
  try {
    const inputs = Object.fromEntries(feeds.map(([name, tensor]) => [name, toRuntime(tensor)]));
    const begunMs = performance.now();
    const results = await session.run(inputs, outputs);
    const runMs = performance.now() - begunMs;
    const tensors = outputs.map((name): readonly [string, Tensor] => {
      const result = results[name];
      assert(result instanceof RuntimeTensor, `the output "${name}" is no tensor`);
      return [name, fromRuntime(name, result)];
    });
    tell({ kind: 'ran', id, outputs: tensors, runMs }, buffersOf(tensors));
  } catch (error) {
    tell({ kind: 'refused', id, message: textOf(error) });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // What goes wrong is told to whoever asked; only what is fatal belongs in the log.
    logSeverityLevel: 4,
  });
  port.on('message', (order: RunOrder) => {
    void run(session, order);
  });
  tell({ kind: 'ready' });
} catch (error) {
  tell({ kind: 'failed', message: textOf(error) });
}
