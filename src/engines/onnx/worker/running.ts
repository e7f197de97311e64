import { basename } from 'node:path';
import { open, stat } from 'node:fs/promises';
import { problem, ProblemError } from '#schema';
import { readNotes } from '../notes.ts';
import { readOnnx, type OnnxFile } from '../onnx-file.ts';
import type { OnnxOptions } from '../options.ts';
import type { Counters } from './counters.ts';
import { createGather, type Gather } from './gather.ts';
import { runTensors } from './run-tensors.ts';
import { runTexts } from './run-texts.ts';
import { openSession } from './session.ts';
import { readSignature, type Signature } from './signature.ts';
import { createTextReader, type TextReader } from './text-reader.ts';
import type { TensorWork, TextWork, Work } from './work.ts';

/** A model at work. */
export interface Running {
  readonly signature: Signature;
  /** Undefined for a model that reads no texts. */
  readonly reader: TextReader | undefined;
  readonly gather: Gather<Work>;
}

/** Reads what the file says about itself, before native code sees it. */
async function readFile(path: string): Promise<OnnxFile> {
  const { size } = await stat(path);
  const handle = await open(path);
  try {
    const file = {
      name: basename(path),
      sizeBytes: size,
      read: async (offset: number, length: number) => {
        const bytes = Buffer.alloc(length);
        const { bytesRead } = await handle.read(bytes, 0, length, offset);
        return bytes.subarray(0, bytesRead);
      },
    };
    const read = await readOnnx(file, new AbortController().signal);
    if (!read.ok) throw new ProblemError(read.problem);
    return read.value;
  } finally {
    await handle.close();
  }
}

function readerOf(signature: Signature, file: OnnxFile): TextReader | undefined {
  const notes = readNotes(file.metadata);
  const { tokenizer } = notes;
  return tokenizer === undefined ? undefined : createTextReader(signature, { ...notes, tokenizer });
}

/** Everything in order, one batch at a time: a run has the processor to itself. */
function createLine(
  run: (batch: readonly Work[]) => Promise<void>,
  counters: Counters,
): (batch: readonly Work[]) => void {
  const line: (readonly Work[])[] = [];
  let busy = false;
  async function work(): Promise<void> {
    busy = true;
    for (let batch = line.shift(); batch !== undefined; batch = line.shift()) {
      counters.waiting -= batch.length;
      await run(batch.filter(({ signal }) => !signal.aborted));
    }
    busy = false;
  }
  return (batch) => {
    counters.waiting += batch.length;
    line.push(batch);
    if (!busy) void work();
  };
}

const retryAfterMs = 1000;

/** Refuses what would make the line longer than it may be. */
function bounded(gather: Gather<Work>, counters: Counters, queueDepthMax: number): Gather<Work> {
  return {
    seat(headers) {
      if (counters.waiting > queueDepthMax)
        throw new ProblemError(
          problem('overloaded', `${counters.waiting} requests are waiting already (queueDepthMax).`, {
            retryAfterMs,
          }),
        );
      return gather.seat(headers);
    },
  };
}

/** Loads a model; throws the reason when it cannot be. */
export async function startRunning(path: string, options: OnnxOptions, counters: Counters): Promise<Running> {
  const file = await readFile(path);
  const signature = readSignature(file, options.batchDimension);
  const reader = readerOf(signature, file);
  const session = await openSession({ path, threads: options.intraOpNumThreads });
  const deps = { session, signature, counters };
  const line = createLine(async (batch) => {
    const tensors = batch.filter((work): work is TensorWork => work.kind === 'tensors');
    const texts = batch.filter((work): work is TextWork => work.kind === 'texts');
    await runTensors(deps, tensors);
    if (reader !== undefined) await runTexts({ ...deps, reader, rowsMax: options.rowsMax }, texts);
  }, counters);
  const gather = createGather<Work>({ waitMs: options.batchWaitMs, run: line });
  return { signature, reader, gather: bounded(gather, counters, options.queueDepthMax) };
}
