import { Tokenizer } from '@huggingface/tokenizers';
import { problem, ProblemError } from '#schema';
import type { ModelNotes } from '../notes.ts';
import { numbersOf } from './json-data.ts';
import type { Port, Signature } from './signature.ts';
import { elementsOf, type Tensor, type Tensors } from './tensor.ts';

/** Reads texts for a model that embeds them, and its vectors. */
export interface TextReader {
  readonly maxTokens: number;
  tokens(text: string): readonly number[];
  /** The model's inputs for these texts, the shorter ones padded. */
  feeds(texts: readonly (readonly number[])[]): Tensors;
  /** The output that the vectors are in. */
  readonly output: string;
  vectors(output: Tensor, texts: readonly (readonly number[])[]): readonly Float32Array[];
}

const known = ['input_ids', 'attention_mask', 'token_type_ids'] as const;

function unable(why: string): ProblemError {
  return new ProblemError(problem('model_unavailable', `It has a tokenizer, but ${why}.`));
}

function checked({ inputs, outputs }: Signature): Port {
  for (const { name, datatype, shape } of inputs) {
    if (!known.some((one) => one === name))
      throw unable(`its input "${name}" is none of ${known.join(', ')}`);
    if ((datatype !== 'INT64' && datatype !== 'INT32') || (shape !== undefined && shape.length !== 2))
      throw unable(`its input "${name}" is not INT64 or INT32 [texts, tokens]`);
  }
  const [output] = outputs;
  if (output === undefined || output.datatype !== 'FP32') throw unable('its first output is not FP32');
  return output;
}

/** Ones for tokens, zeros for padding. */
function filled(name: string, text: readonly number[], at: number): number {
  if (at >= text.length || name === 'token_type_ids') return 0;
  return name === 'attention_mask' ? 1 : (text[at] ?? 0);
}

function inputOf({ name, datatype }: Port, texts: readonly (readonly number[])[], width: number): Tensor {
  const count = texts.length * width;
  const values = Array.from({ length: count }, (_, index) =>
    filled(name, texts[Math.floor(index / width)] ?? [], index % width),
  );
  const array = datatype === 'INT64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values);
  return { datatype, shape: [texts.length, width], data: new Uint8Array(array.buffer) };
}

/** One vector out of those of a text's tokens. */
function pooled(rows: Float32Array, size: number, pooling: ModelNotes['pooling']): Float32Array {
  if (pooling === 'cls') return rows.slice(0, size);
  const mean = new Float32Array(size);
  const count = rows.length / size;
  for (const [at, value] of rows.entries()) mean[at % size] = (mean[at % size] ?? 0) + value / count;
  return mean;
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => (length === 0 ? 0 : value / length));
}

/** Makes the reader of a model whose notes hold a tokenizer; throws when the two do not fit together. */
export function createTextReader(
  signature: Signature,
  notes: ModelNotes & { readonly tokenizer: object },
): TextReader {
  const output = checked(signature);
  const tokenizer = new Tokenizer(notes.tokenizer, {});
  return {
    maxTokens: notes.maxTokens,
    output: output.name,
    tokens: (text) => tokenizer.encode(text).ids,
    feeds(texts) {
      const width = Math.max(...texts.map((text) => text.length));
      return new Map(signature.inputs.map((port) => [port.name, inputOf(port, texts, width)]));
    },
    vectors(tensor, texts) {
      const [, ...rest] = tensor.shape;
      const size = rest.at(-1) ?? 0;
      const each = elementsOf(rest);
      const values = Float32Array.from(numbersOf(tensor), Number);
      return texts.map((text, index) => {
        const own = values.subarray(index * each, (index + 1) * each);
        return normalised(
          rest.length === 1 ? own : pooled(own.subarray(0, text.length * size), size, notes.pooling),
        );
      });
    },
  };
}
