import { headerLengthName, type InferRequest } from './infer-request.ts';
import { toJson } from './json-data.ts';
import type { Tensor, Tensors } from './tensor.ts';

export interface Answered {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly outputs: Tensors;
}

export interface AnswerBytes {
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: readonly Uint8Array[];
}

function binaryOf({ data }: Tensor): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const parts = data.flatMap((text) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(parts);
}

/** Writes an answer: JSON, and behind it the tensors that were wanted as binary data. */
export function writeInferAnswer(request: InferRequest, answered: Answered): AnswerBytes {
  const { modelName, modelVersion, outputs } = answered;
  const binary: Uint8Array[] = [];
  const written = [...outputs].map(([name, tensor]) => {
    const wanted = request.outputs.find((output) => output.name === name)?.binary ?? request.binary;
    const head = `"name":${JSON.stringify(name)},"datatype":"${tensor.datatype}","shape":[${tensor.shape.join(',')}]`;
    if (!wanted) return `{${head},"data":${toJson(name, tensor)}}`;
    const bytes = binaryOf(tensor);
    binary.push(bytes);
    return `{${head},"parameters":{"binary_data_size":${bytes.length}}}`;
  });
  const id = request.id === undefined ? '' : `"id":${JSON.stringify(request.id)},`;
  const json = Buffer.from(
    `{"model_name":${JSON.stringify(modelName)},"model_version":${JSON.stringify(modelVersion)},${id}"outputs":[${written.join(',')}]}`,
  );
  if (binary.length === 0) return { headers: { 'content-type': 'application/json' }, parts: [json] };
  const headers = { 'content-type': 'application/octet-stream', [headerLengthName]: String(json.length) };
  return { headers, parts: [json, ...binary] };
}
