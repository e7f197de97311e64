import type { Inspection, ModelFile, Result } from '#contracts';
import { problemOf } from '#schema';
import { datatypeOfElement } from './datatypes.ts';
import { readNotes } from './notes.ts';
import { readOnnx, type DeclaredTensor, type OnnxFile } from './onnx-file.ts';

/** Checks an ONNX file and gathers what it says about itself. */
export async function inspectOnnx(file: ModelFile, signal: AbortSignal): Promise<Result<Inspection>> {
  const read = await readOnnx(file, signal);
  if (!read.ok) return read;
  try {
    return { ok: true, value: { format: 'onnx', facts: factsOf(read.value) } };
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown) };
  }
}

const tensorsNamedMax = 16;

/** `input_ids INT64 [batch, seq]`, for people. */
function described(tensors: readonly DeclaredTensor[]): string {
  const named = tensors.slice(0, tensorsNamedMax).map(({ name, elementType, shape }) => {
    const sizes = shape?.map((size) => (size === '' ? '?' : size)).join(', ') ?? '…';
    return `${name} ${datatypeOfElement(elementType) ?? 'other'} [${sizes}]`;
  });
  return named.join('; ') + (tensors.length > tensorsNamedMax ? '; …' : '');
}

function factsOf(file: OnnxFile): Inspection['facts'] {
  const notes = readNotes(file.metadata);
  const embeds = notes.tokenizer !== undefined;
  return {
    task: notes.task ?? (embeds ? 'embedding' : 'tensor'),
    parameters: file.parameters,
    nodes: file.nodes,
    inputs: described(file.inputs),
    outputs: described(file.outputs),
    opset: file.opset,
    irVersion: file.irVersion,
    ...(file.producer !== '' && { producer: file.producer }),
    hasTokenizer: embeds,
    ...(embeds && { maxTokens: notes.maxTokens }),
    ...(notes.licence !== undefined && { licence: notes.licence }),
  };
}
