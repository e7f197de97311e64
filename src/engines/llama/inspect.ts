import type { Inspection, ModelFile, Result } from '#contracts';
import { problem } from '#schema';
import { readGguf, type GgufHeader } from './gguf.ts';

type Facts = Record<string, string | number | boolean>;

/** Checks a GGUF file and gathers what it says about itself. */
export async function inspectGguf(file: ModelFile, signal: AbortSignal): Promise<Result<Inspection>> {
  const read = await readGguf(file, signal);
  if (!read.ok) return read;
  const architecture = read.value.metadata.get('general.architecture');
  if (typeof architecture !== 'string' || architecture === '') {
    const message = 'The file does not say what it is: "general.architecture" is missing.';
    return { ok: false, problem: problem('not_a_model', message) };
  }
  return { ok: true, value: { format: 'gguf', facts: factsOf(read.value, architecture) } };
}

function factsOf(header: GgufHeader, architecture: string): Facts {
  const { metadata, tensors } = header;
  const vocabulary = metadata.get('tokenizer.ggml.tokens');
  const facts: Facts = {
    architecture,
    parameters: tensors.reduce((sum, tensor) => sum + tensor.parameters, 0),
    quantisation: mainType(header),
    hasChatTemplate: typeof metadata.get('tokenizer.chat_template') === 'string',
    ggufVersion: header.version,
  };
  if (typeof vocabulary === 'object') facts['vocabularySize'] = vocabulary.length;
  const told = {
    contextLength: metadata.get(`${architecture}.context_length`),
    embeddingLength: metadata.get(`${architecture}.embedding_length`),
    layers: metadata.get(`${architecture}.block_count`),
    name: metadata.get('general.name'),
    licence: metadata.get('general.license'),
  };
  for (const [name, value] of Object.entries(told)) if (isFact(value)) facts[name] = value;
  return facts;
}

/** A file may say NaN or infinity, which no JSON can hold: that is no fact. */
function isFact(value: unknown): value is Facts[string] {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** The type that most of the parameters are stored in. */
function mainType({ tensors }: GgufHeader): string {
  const parameters = new Map<string, number>();
  for (const tensor of tensors)
    parameters.set(tensor.typeName, (parameters.get(tensor.typeName) ?? 0) + tensor.parameters);
  const [first] = [...parameters].toSorted((one, other) => other[1] - one[1]);
  return first?.[0] ?? 'none';
}
