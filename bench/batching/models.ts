import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layersModel } from '../../test/conformance/onnx-model.ts';
import { cache, cacheFile, cacheFolder } from '../harness/cache.ts';

/** Something that is served, and one request to it. */
export interface ServedModel {
  readonly name: string;
  /** What it is, in one line. */
  readonly what: string;
  readonly source: string;
  readonly pathOf: (deployment: string) => string;
  /** Writes the request's body and gives where it lies. */
  readonly bodyOf: (deployment: string) => string;
  readonly headers: readonly string[];
}

const width = 2048;
const layers = 16;

/** 268 MB of weights: every run has to read them from memory, for one request as for many. */
function dense(): ServedModel {
  cacheFolder('.');
  const file = `${cache}/dense-${width}-${layers}.onnx`;
  if (!existsSync(file)) writeFileSync(file, layersModel(width, layers));
  const bytesOfTensor = width * 4;
  const head = JSON.stringify({
    inputs: [
      { name: 'x', datatype: 'FP32', shape: [1, width], parameters: { binary_data_size: bytesOfTensor } },
    ],
    outputs: [{ name: 'y', parameters: { binary_data: true } }],
  });
  const tensor = Float32Array.from({ length: width }, (_, at) => Math.sin(at));
  const body = Buffer.concat([Buffer.from(head), new Uint8Array(tensor.buffer)]);
  const bodyPath = `${cache}/dense-body.bin`;
  writeFileSync(bodyPath, body);
  return {
    name: 'dense',
    what: `a dense network of ${layers} layers of ${width} × ${width} weights (FP32, 268 MB): one tensor of 8 KB a request`,
    source: `file:${file}`,
    pathOf: (deployment) => `/v2/models/${deployment}/infer`,
    bodyOf: () => bodyPath,
    headers: [`Inference-Header-Content-Length: ${Buffer.byteLength(head)}`],
  };
}

const encoderFile = fileURLToPath(new URL('../../models/encoder/encoder-int8.onnx', import.meta.url));

/** The encoder that is committed, where it is: a small network that the processor's cache holds. */
function encoder(): ServedModel | undefined {
  if (!existsSync(encoderFile)) return undefined;
  return {
    name: 'encoder',
    what: 'the committed encoder (INT8, 2.5 MB): one text of eight words a request',
    source: `file:${encoderFile}`,
    pathOf: () => '/v1/embeddings',
    bodyOf: (deployment) =>
      cacheFile(
        `${deployment}-body.json`,
        JSON.stringify({ model: deployment, input: 'How do I reset the password of my account?' }),
      ),
    headers: [],
  };
}

export const models = { dense, encoder };
