import type { ModelFile, Result } from '#contracts';
import { problem, problemOf, ProblemError } from '#schema';
import { createProtoFields, notOnnx, type ProtoField, type ProtoFields } from './proto-fields.ts';

/** A tensor that goes in or comes out, as the file declares it. */
export interface DeclaredTensor {
  readonly name: string;
  /** As in ONNX's TensorProto.DataType; 0 where it is no tensor. */
  readonly elementType: number;
  /** Sizes, names of sizes that vary, or '' for one that varies without a name; undefined where nothing is said. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** What an ONNX file says about itself, without its weights and nodes. */
export interface OnnxFile {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
  readonly parameters: number;
  readonly nodes: number;
}

/** Field numbers of ModelProto and of the messages in it, as onnx.proto has them. */
const model = { irVersion: 1, producer: 2, graph: 7, opset: 8, metadata: 14, functions: 25 };
const knownModelFields = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26]);
const graph = { node: 1, initializer: 5, input: 11, output: 12 };
const tensor = { dims: 1, name: 8, location: 14 };
const entriesMax = 4096;

interface Found {
  irVersion: number;
  opset: number;
  producer: string;
  readonly metadata: Map<string, string>;
  readonly inputs: DeclaredTensor[];
  readonly outputs: DeclaredTensor[];
  readonly initializers: Set<string>;
  parameters: number;
  nodes: number;
  hasGraph: boolean;
}

async function textsOf(fields: ProtoFields, message: ProtoField): Promise<ReadonlyMap<number, string>> {
  const texts = new Map<number, string>();
  for await (const field of fields.of(message))
    if (field.wire === 2) texts.set(field.number, await fields.text(field, 'A text'));
  return texts;
}

async function readOpset(fields: ProtoFields, message: ProtoField): Promise<number> {
  let version = 0;
  let isDefault = true;
  for await (const field of fields.of(message)) {
    if (field.number === 1) isDefault = field.to === field.from;
    if (field.number === 2) version = field.value;
  }
  return isDefault ? version : 0;
}

async function readDimension(fields: ProtoFields, message: ProtoField): Promise<number | string> {
  let dimension: number | string = '';
  for await (const field of fields.of(message)) {
    if (field.number === 1) dimension = field.value;
    if (field.number === 2) dimension = await fields.text(field, 'The name of a dimension');
  }
  return dimension;
}

/** The first field of this number in a message. */
async function part(
  fields: ProtoFields,
  message: ProtoField,
  number: number,
): Promise<ProtoField | undefined> {
  for await (const field of fields.of(message)) if (field.number === number) return field;
  return undefined;
}

async function readDeclared(fields: ProtoFields, message: ProtoField): Promise<DeclaredTensor> {
  const name = await part(fields, message, 1);
  const type = await part(fields, message, 2);
  const tensorType = type && (await part(fields, type, 1));
  let elementType = 0;
  let shape: (number | string)[] | undefined;
  if (tensorType !== undefined)
    for await (const field of fields.of(tensorType)) {
      if (field.number === 1) elementType = field.value;
      if (field.number !== 2) continue;
      shape = [];
      for await (const dimension of fields.of(field)) shape.push(await readDimension(fields, dimension));
    }
  return {
    name: name === undefined ? '' : await fields.text(name, 'The name of a tensor'),
    elementType,
    shape,
  };
}

const elsewhere =
  'Its weights lie in another file (external data). Export it with everything in one file, which may have up to 2 GB.';

async function readInitializer(fields: ProtoFields, message: ProtoField, found: Found): Promise<void> {
  let elements = 1;
  for await (const field of fields.of(message)) {
    if (field.number === tensor.dims) for (const size of await fields.numbers(field)) elements *= size;
    if (field.number === tensor.name)
      found.initializers.add(await fields.text(field, 'The name of a weight'));
    if (field.number === tensor.location && field.value === 1) throw notOnnx(elsewhere);
  }
  found.parameters += elements;
}

async function readGraph(fields: ProtoFields, message: ProtoField, found: Found): Promise<void> {
  found.hasGraph = true;
  for await (const field of fields.of(message)) {
    if (field.number === graph.node) found.nodes += 1;
    else if (field.number === graph.initializer) await readInitializer(fields, field, found);
    else if (field.number === graph.input) found.inputs.push(await readDeclared(fields, field));
    else if (field.number === graph.output) found.outputs.push(await readDeclared(fields, field));
    if (found.inputs.length + found.outputs.length > entriesMax)
      throw notOnnx('It declares more tensors than any model has: the file is damaged.');
  }
}

async function readModelField(fields: ProtoFields, field: ProtoField, found: Found): Promise<void> {
  const { number } = field;
  if (!knownModelFields.has(number)) throw notOnnx(`The file is not ONNX: a model has no field ${number}.`);
  if (number === model.irVersion) found.irVersion = field.value;
  else if (number === model.producer) found.producer = await fields.text(field, 'The name of the producer');
  else if (number === model.opset) found.opset = Math.max(found.opset, await readOpset(fields, field));
  else if (number === model.graph) await readGraph(fields, field, found);
  else if (number === model.metadata) {
    const texts = await textsOf(fields, field);
    found.metadata.set(texts.get(1) ?? '', texts.get(2) ?? '');
    if (found.metadata.size > entriesMax) throw notOnnx('It has too many notes: the file is damaged.');
  }
}

async function readWhole(file: ModelFile, signal: AbortSignal): Promise<OnnxFile> {
  const fields = createProtoFields(file, signal);
  const found: Found = {
    irVersion: 0,
    opset: 0,
    producer: '',
    metadata: new Map(),
    inputs: [],
    outputs: [],
    initializers: new Set(),
    parameters: 0,
    nodes: 0,
    hasGraph: false,
  };
  for await (const field of fields.of({ from: 0, to: file.sizeBytes }))
    await readModelField(fields, field, found);
  if (found.irVersion === 0 || !found.hasGraph)
    throw notOnnx('The file is not ONNX: it has no version of the format, or no graph.');
  if (found.outputs.length === 0) throw notOnnx('The model has no outputs.');
  const { initializers, inputs, hasGraph: _, ...said } = found;
  // Before version 4 of the format weights were listed as inputs too.
  return { ...said, inputs: inputs.filter(({ name }) => !initializers.has(name)) };
}

/** Reads an ONNX file and checks that it is one and whole; refuses with `not_a_model` and what is wrong. */
export async function readOnnx(file: ModelFile, signal: AbortSignal): Promise<Result<OnnxFile>> {
  try {
    if (file.sizeBytes === 0) throw new ProblemError(problem('not_a_model', 'The file is empty.'));
    return { ok: true, value: await readWhole(file, signal) };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return { ok: false, problem: problemOf(thrown) };
  }
}
