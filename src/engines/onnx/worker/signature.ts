import { problem, ProblemError } from '#schema';
import { datatypeOfElement, type Datatype } from '../datatypes.ts';
import type { DeclaredTensor, OnnxFile } from '../onnx-file.ts';
import type { OnnxOptions } from '../options.ts';
import type { Tensors } from './tensor.ts';

export interface Port {
  readonly name: string;
  readonly datatype: Datatype;
  /** Undefined where the model says nothing of its shape. */
  readonly shape: DeclaredTensor['shape'];
}

/** What goes into a model and what comes out. */
export interface Signature {
  readonly inputs: readonly Port[];
  /** Those that are tensors. */
  readonly outputs: readonly Port[];
  /** Whether requests may be put together along the first dimension. */
  readonly batches: boolean;
}

function unable(why: string): ProblemError {
  return new ProblemError(problem('model_unavailable', why));
}

function portOf({ name, elementType, shape }: DeclaredTensor): Port | undefined {
  const datatype = datatypeOfElement(elementType);
  return datatype === undefined ? undefined : { name, datatype, shape };
}

function isPort(port: Port | undefined): port is Port {
  return port !== undefined;
}

/** The model itself names the batch: the same name first in every input and every output. */
function namesBatch(ports: readonly Port[]): boolean {
  const first = ports[0]?.shape?.[0];
  return typeof first === 'string' && first !== '' && ports.every(({ shape }) => shape?.[0] === first);
}

/** Reads a model's signature; throws where it wants what no request can bring. */
export function readSignature(file: OnnxFile, wanted: OnnxOptions['batchDimension']): Signature {
  const inputs = file.inputs.map((declared) => {
    const port = portOf(declared);
    if (port === undefined)
      throw unable(
        `Its input "${declared.name}" is no tensor, or of a type that has no name in the Open Inference Protocol.`,
      );
    return port;
  });
  const outputs = file.outputs.map(portOf).filter(isPort);
  if (outputs.length === 0) throw unable('None of its outputs is a tensor.');
  const batches = wanted === 'first' || (wanted === 'auto' && namesBatch([...inputs, ...outputs]));
  return { inputs, outputs, batches: batches && inputs.length > 0 };
}

function refused(name: string, why: string): ProblemError {
  return new ProblemError(
    problem('invalid_request', `The input "${name}" does not fit: ${why}.`, { param: name }),
  );
}

function listed(ports: readonly Port[]): string {
  return ports.map(({ name }) => `"${name}"`).join(', ');
}

/** Sizes of one name are the same everywhere in a request. */
type KnownSizes = Map<string, { readonly size: number; readonly input: string }>;

function checkSizes({ name, shape: declared }: Port, shape: readonly number[], known: KnownSizes): void {
  if (declared === undefined) return;
  const told = `[${declared.map((size) => (typeof size === 'number' ? size : size || '?')).join(', ')}]`;
  const is = `its shape is [${shape.join(', ')}], the model wants ${told}`;
  if (shape.length !== declared.length) throw refused(name, is);
  for (const [at, size] of declared.entries()) {
    const got = shape[at] ?? 0;
    if (typeof size === 'number') {
      if (size !== got) throw refused(name, is);
    } else if (size !== '') {
      const before = known.get(size);
      if (before !== undefined && before.size !== got)
        throw refused(name, `"${size}" is ${got} here and ${before.size} in "${before.input}"`);
      known.set(size, { size: got, input: name });
    }
  }
}

/** Throws `invalid_request` unless the tensors are what the model wants, each of its inputs and nothing else. */
export function checkInputs({ inputs }: Signature, given: Tensors): void {
  const known: KnownSizes = new Map();
  for (const name of given.keys())
    if (!inputs.some((port) => port.name === name))
      throw refused(name, `there is no such input; there are ${listed(inputs)}`);
  for (const port of inputs) {
    const tensor = given.get(port.name);
    if (tensor === undefined)
      throw new ProblemError(
        problem('invalid_request', `The input "${port.name}" is missing.`, { param: port.name }),
      );
    if (tensor.datatype !== port.datatype)
      throw refused(port.name, `it is ${tensor.datatype}, the model wants ${port.datatype}`);
    checkSizes(port, tensor.shape, known);
  }
}

export function checkOutput({ outputs }: Signature, name: string): void {
  if (outputs.some((port) => port.name === name)) return;
  const message = `There is no output "${name}"; there are ${listed(outputs)}.`;
  throw new ProblemError(problem('invalid_request', message, { param: name }));
}
