import { datatypes, type Datatype } from '../datatypes.ts';

/** Elements in row-major order: little-endian bytes, as they are on the wire and in memory, or texts for BYTES. */
export interface Tensor {
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: Uint8Array<ArrayBuffer> | readonly string[];
}

export type Tensors = ReadonlyMap<string, Tensor>;

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Bytes that the elements of a shape take; not for BYTES, whose elements have lengths of their own. */
export function bytesOf(datatype: Datatype, shape: readonly number[]): number {
  return elementsOf(shape) * datatypes[datatype].sizeBytes;
}

function isTexts(data: Tensor['data']): data is readonly string[] {
  return Array.isArray(data);
}

/** One tensor of many, put together along the first dimension; types and all other sizes must be the same. */
export function concatenated(tensors: readonly Tensor[]): Tensor | undefined {
  const [first] = tensors;
  if (first === undefined || tensors.length === 1) return first;
  const rows = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const shape = [rows, ...first.shape.slice(1)];
  if (isTexts(first.data))
    return { ...first, shape, data: tensors.flatMap(({ data }) => [...textsOf(data)]) };
  const data = new Uint8Array(bytesOf(first.datatype, shape));
  let at = 0;
  for (const tensor of tensors) {
    if (isTexts(tensor.data)) continue;
    data.set(tensor.data, at);
    at += tensor.data.length;
  }
  return { ...first, shape, data };
}

function textsOf(data: Tensor['data']): readonly string[] {
  return isTexts(data) ? data : [];
}

/** Rows `from` to `to` along the first dimension. A view: nothing is copied but texts. */
export function rowsOf(tensor: Tensor, from: number, to: number): Tensor {
  const { datatype, shape, data } = tensor;
  const rest = shape.slice(1);
  const each = isTexts(data) ? elementsOf(rest) : bytesOf(datatype, rest);
  const part = isTexts(data) ? data.slice(from * each, to * each) : data.subarray(from * each, to * each);
  return { datatype, shape: [to - from, ...rest], data: part };
}
