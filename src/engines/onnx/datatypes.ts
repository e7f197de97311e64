/** Tensor elements by their names in the Open Inference Protocol, in ONNX Runtime and in ONNX files. */
export type Datatype =
  | 'BOOL'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FP16'
  | 'FP32'
  | 'FP64'
  | 'BYTES';

interface DatatypeRow {
  /** As ONNX Runtime names it. */
  readonly runtime: string;
  /** TensorProto.DataType of ONNX. */
  readonly element: number;
  /** 0: each element says how long it is. */
  readonly sizeBytes: number;
}

export const datatypes: Readonly<Record<Datatype, DatatypeRow>> = {
  BOOL: { runtime: 'bool', element: 9, sizeBytes: 1 },
  UINT8: { runtime: 'uint8', element: 2, sizeBytes: 1 },
  UINT16: { runtime: 'uint16', element: 4, sizeBytes: 2 },
  UINT32: { runtime: 'uint32', element: 12, sizeBytes: 4 },
  UINT64: { runtime: 'uint64', element: 13, sizeBytes: 8 },
  INT8: { runtime: 'int8', element: 3, sizeBytes: 1 },
  INT16: { runtime: 'int16', element: 5, sizeBytes: 2 },
  INT32: { runtime: 'int32', element: 6, sizeBytes: 4 },
  INT64: { runtime: 'int64', element: 7, sizeBytes: 8 },
  FP16: { runtime: 'float16', element: 10, sizeBytes: 2 },
  FP32: { runtime: 'float32', element: 1, sizeBytes: 4 },
  FP64: { runtime: 'float64', element: 11, sizeBytes: 8 },
  BYTES: { runtime: 'string', element: 8, sizeBytes: 0 },
};

export function isDatatype(text: unknown): text is Datatype {
  return typeof text === 'string' && Object.hasOwn(datatypes, text);
}

const byRuntime = new Map<string, Datatype>();
const byElement = new Map<number, Datatype>();
for (const [name, { runtime, element }] of Object.entries(datatypes))
  if (isDatatype(name)) {
    byRuntime.set(runtime, name);
    byElement.set(element, name);
  }

export function datatypeOfRuntime(runtime: string): Datatype | undefined {
  return byRuntime.get(runtime);
}

export function datatypeOfElement(element: number): Datatype | undefined {
  return byElement.get(element);
}
