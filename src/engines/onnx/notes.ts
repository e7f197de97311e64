import { z } from 'zod';
import { problem, ProblemError } from '#schema';

/**
 * What a model file tells Millrace in its `metadata_props`, all of it optional. With a tokenizer the worker reads
 * texts itself and serves `/v1/embeddings`.
 */
const noteNames = {
  task: 'millrace.task',
  tokenizer: 'millrace.tokenizer',
  pooling: 'millrace.pooling',
  maxTokens: 'millrace.max_tokens',
  licence: 'millrace.licence',
} as const;

const noteSchema = z.object({
  task: z.enum(['embedding', 'tensor']).optional(),
  /** `none`: the graph gives one vector for each text already. */
  pooling: z.enum(['none', 'mean', 'cls']).default('mean'),
  maxTokens: z.coerce.number().int().min(2).max(1_048_576).default(512),
  licence: z.string().max(256).optional(),
});

export type ModelNotes = z.infer<typeof noteSchema> & {
  /** tokenizer.json as the `tokenizers` library writes it, parsed. */
  readonly tokenizer: object | undefined;
};

function parsed(metadata: ReadonlyMap<string, string>, name: string): unknown {
  const text = metadata.get(name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(name, 'it is not JSON');
  }
}

function wrong(name: string, why: string): ProblemError {
  return new ProblemError(problem('not_a_model', `The note "${name}" of the model is wrong: ${why}.`));
}

/** Reads the notes of a model; throws `not_a_model` where one is there and makes no sense. */
export function readNotes(metadata: ReadonlyMap<string, string>): ModelNotes {
  const { task, pooling, maxTokens, licence } = noteNames;
  const plain = noteSchema.safeParse({
    task: metadata.get(task),
    pooling: metadata.get(pooling),
    maxTokens: metadata.get(maxTokens),
    licence: metadata.get(licence),
  });
  if (!plain.success) {
    const [issue] = plain.error.issues;
    throw wrong(String(issue?.path[0] ?? ''), issue?.message ?? 'it is invalid');
  }
  const tokenizer = z
    .looseObject({ model: z.looseObject({}) })
    .optional()
    .safeParse(parsed(metadata, noteNames.tokenizer));
  if (!tokenizer.success) throw wrong(noteNames.tokenizer, 'it holds no tokenizer with a model');
  return { ...plain.data, tokenizer: tokenizer.data };
}
