/** Writes small ONNX files, so that tests and benches need neither Python nor files of others. */

/** As in ONNX's TensorProto.DataType. */
const elements = {
  BOOL: 9,
  UINT8: 2,
  UINT16: 4,
  UINT32: 12,
  UINT64: 13,
  INT8: 3,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  FP16: 10,
  FP32: 1,
  FP64: 11,
  BYTES: 8,
} as const;

export interface OnnxPort {
  readonly name: string;
  readonly datatype: keyof typeof elements;
  /** Sizes, or names of sizes that vary. */
  readonly shape: readonly (number | string)[];
}

interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

interface OnnxWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface OnnxModel {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly nodes: readonly OnnxNode[];
  readonly weights?: readonly OnnxWeight[];
  readonly metadata?: Readonly<Record<string, string>>;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

/** A number, or a field of bytes: a text or a message. */
function field(number: number, value: number | string | Uint8Array): Buffer {
  if (typeof value === 'number') return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

function port({ name, datatype, shape }: OnnxPort): Buffer {
  const dimensions = shape.map((size) => field(1, message(field(typeof size === 'number' ? 1 : 2, size))));
  const tensor = message(field(1, elements[datatype]), field(2, message(...dimensions)));
  return message(field(1, name), field(2, message(field(1, tensor))));
}

function node({ op, inputs, outputs }: OnnxNode): Buffer {
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, op),
  );
}

function weight({ name, shape, data }: OnnxWeight): Buffer {
  const type = data instanceof Float32Array ? elements.FP32 : elements.INT64;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(...shape.map((size) => field(1, size)), field(2, type), field(8, name), field(9, bytes));
}

export function onnxModel({ inputs, outputs, nodes, weights = [], metadata = {} }: OnnxModel): Uint8Array {
  const graph = message(
    ...nodes.map((one) => field(1, node(one))),
    field(2, 'graph'),
    ...weights.map((one) => field(5, weight(one))),
    ...inputs.map((one) => field(11, port(one))),
    ...outputs.map((one) => field(12, port(one))),
  );
  return message(
    field(1, 8),
    field(2, 'millrace-tests'),
    field(7, graph),
    field(8, message(field(1, ''), field(2, 17))),
    ...Object.entries(metadata).map(([key, value]) => field(14, message(field(1, key), field(2, value)))),
  );
}

/** Gives back what it is given. */
export function identityModel(
  datatype: OnnxPort['datatype'],
  shape: OnnxPort['shape'] = ['batch', 'n'],
): Uint8Array {
  return onnxModel({
    inputs: [{ name: 'x', datatype, shape }],
    outputs: [{ name: 'y', datatype, shape }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
}

/** Numbers that look random and are the same each time, around zero. */
function numbers(count: number, scale: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647 - 0.5) * scale;
  });
}

/**
 * `x` FP32 [batch, width] through layers of width × width weights. Where the weights are larger than the processor's
 * cache, a run of one costs nearly what a run of many does.
 */
export function layersModel(width: number, layers: number): Uint8Array {
  const at = (layer: number): string => (layer === 0 ? 'x' : layer === layers ? 'y' : `h${layer}`);
  const every = Array.from({ length: layers }, (_, layer) => layer);
  return onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', width] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', width] }],
    nodes: every.map((layer) => ({
      op: 'MatMul',
      inputs: [at(layer), `w${layer}`],
      outputs: [at(layer + 1)],
    })),
    weights: every.map((layer) => ({
      name: `w${layer}`,
      shape: [width, width],
      data: numbers(width * width, Math.sqrt(12 / width)),
    })),
  });
}
