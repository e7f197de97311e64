import { problem, ProblemError } from '#schema';
import type { Datatype } from '../datatypes.ts';
import { fromHalf, toHalf } from './half.ts';
import { elementsOf, type Tensor } from './tensor.ts';

/** Reads one element into place, or throws why it is none. */
type Put = (value: unknown, at: number) => void;

interface Filling {
  readonly put: Put;
  readonly data: Tensor['data'];
}

type NumberArray =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Where an element does not fit; the caller knows the name of the tensor. */
class Misfit extends Error {
  readonly wanted: string;
  constructor(wanted: string) {
    super(wanted);
    this.name = 'Misfit';
    this.wanted = wanted;
  }
}

function misfit(wanted: string): Misfit {
  return new Misfit(wanted);
}

function bytes(
  array: NumberArray | BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function numbers(array: NumberArray): Filling {
  const put: Put = (value, at) => {
    if (typeof value !== 'number') throw misfit('a number');
    array[at] = value;
  };
  return { put, data: bytes(array) };
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function integers(array: NumberArray, { min, max }: Range): Filling {
  const put: Put = (value, at) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
      throw misfit(`a whole number from ${min} to ${max}`);
    array[at] = value;
  };
  return { put, data: bytes(array) };
}

function longIntegers(array: BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>, min: number): Filling {
  const put: Put = (value, at) => {
    // JSON numbers beyond 2^53 have lost their last digits already.
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min)
      throw misfit(
        `a whole number${min === 0 ? ', not negative,' : ''} below 2^53; larger ones go as binary data`,
      );
    array[at] = BigInt(value);
  };
  return { put, data: bytes(array) };
}

function halves(count: number): Filling {
  const array = new Uint16Array(count);
  const put: Put = (value, at) => {
    if (typeof value !== 'number') throw misfit('a number');
    array[at] = toHalf(value);
  };
  return { put, data: bytes(array) };
}

function truths(count: number): Filling {
  const array = new Uint8Array(count);
  const put: Put = (value, at) => {
    if (typeof value !== 'boolean' && value !== 0 && value !== 1) throw misfit('true or false');
    array[at] = Number(value);
  };
  return { put, data: array };
}

function texts(count: number): Filling {
  const data = Array.from({ length: count }, () => '');
  const put: Put = (value, at) => {
    if (typeof value !== 'string') throw misfit('a text');
    data[at] = value;
  };
  return { put, data };
}

const fillings: Readonly<Record<Datatype, (count: number) => Filling>> = {
  BOOL: truths,
  UINT8: (count) => integers(new Uint8Array(count), { min: 0, max: 255 }),
  UINT16: (count) => integers(new Uint16Array(count), { min: 0, max: 65_535 }),
  UINT32: (count) => integers(new Uint32Array(count), { min: 0, max: 4_294_967_295 }),
  UINT64: (count) => longIntegers(new BigUint64Array(count), 0),
  INT8: (count) => integers(new Int8Array(count), { min: -128, max: 127 }),
  INT16: (count) => integers(new Int16Array(count), { min: -32_768, max: 32_767 }),
  INT32: (count) => integers(new Int32Array(count), { min: -2_147_483_648, max: 2_147_483_647 }),
  INT64: (count) => longIntegers(new BigInt64Array(count), Number.MIN_SAFE_INTEGER),
  FP16: halves,
  FP32: (count) => numbers(new Float32Array(count)),
  FP64: (count) => numbers(new Float64Array(count)),
  BYTES: texts,
};

/** As many dimensions as a shape may have. */
const depthMax = 32;

interface Given {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** The elements of a JSON array, nested or flat; throws `invalid_request` that names the tensor. */
export function fromJson({ name, datatype, shape }: Given, list: readonly unknown[]): Tensor {
  const count = elementsOf(shape);
  const elements = list.some(Array.isArray) ? list.flat(depthMax) : list;
  // Counted before there is room made for them: what a shape claims costs nobody any memory.
  if (elements.length !== count)
    throw refused(
      name,
      `shape [${shape.join(', ')}] has ${count} elements, but "data" has ${elements.length}`,
    );
  try {
    const { put, data } = fillings[datatype](count);
    for (const [at, value] of elements.entries()) put(value, at);
    return { datatype, shape, data };
  } catch (thrown) {
    if (thrown instanceof Misfit) throw refused(name, `an element of ${datatype} must be ${thrown.wanted}`);
    throw thrown;
  }
}

function refused(name: string, why: string): ProblemError {
  return new ProblemError(
    problem('invalid_request', `The input "${name}" does not fit: ${why}.`, { param: name }),
  );
}

function aligned(data: Uint8Array<ArrayBuffer>): ArrayBuffer {
  if (data.byteOffset === 0 && data.byteLength === data.buffer.byteLength) return data.buffer;
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
}

type Reading = (buffer: ArrayBuffer) => ArrayLike<number | bigint | boolean>;

const readings: Readonly<Record<Exclude<Datatype, 'BYTES'>, Reading>> = {
  BOOL: (buffer) => Array.from(new Uint8Array(buffer), (value) => value !== 0),
  UINT8: (buffer) => new Uint8Array(buffer),
  UINT16: (buffer) => new Uint16Array(buffer),
  UINT32: (buffer) => new Uint32Array(buffer),
  UINT64: (buffer) => new BigUint64Array(buffer),
  INT8: (buffer) => new Int8Array(buffer),
  INT16: (buffer) => new Int16Array(buffer),
  INT32: (buffer) => new Int32Array(buffer),
  INT64: (buffer) => new BigInt64Array(buffer),
  FP16: (buffer) => Float64Array.from(new Uint16Array(buffer), fromHalf),
  FP32: (buffer) => new Float32Array(buffer),
  FP64: (buffer) => new Float64Array(buffer),
};

/** A tensor's elements as numbers; not for BYTES. */
export function numbersOf({ datatype, data }: Tensor): ArrayLike<number | bigint | boolean> {
  return datatype === 'BYTES' || !(data instanceof Uint8Array) ? [] : readings[datatype](aligned(data));
}

/** The elements as a flat JSON array, in full precision. Throws where JSON cannot hold one. */
export function toJson(name: string, tensor: Tensor): string {
  if (tensor.datatype === 'BYTES') return JSON.stringify(tensor.data);
  const values = Array.from(numbersOf(tensor));
  if (values.some((value) => typeof value === 'number' && !Number.isFinite(value))) {
    const message = `The output "${name}" holds NaN or infinity, which JSON cannot. Ask for it as binary data.`;
    throw new ProblemError(problem('invalid_request', message, { param: name }));
  }
  return `[${values.join(',')}]`;
}
