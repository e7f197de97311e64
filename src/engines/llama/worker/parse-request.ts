import type { Token } from 'node-llama-cpp';
import type { z } from 'zod';
import { fit, problem, ProblemError, type EmbeddingRequest } from '#schema';
import type { Prompts } from './prompts.ts';

/** The request a body holds, or a thrown `invalid_request` that names the field. */
export function parseRequest<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = fit(schema, body);
  if (parsed.ok) return parsed.value;
  throw new ProblemError(parsed.problem);
}

interface Reading {
  readonly prompts: Prompts;
  /** The field they are from. */
  readonly param: string;
  readonly read: 'text' | 'content';
}

/** A text, a list of ids, or a list of either, as lists of tokens, none of them empty. */
export function tokenLists(input: EmbeddingRequest['input'], { prompts, param, read }: Reading): Token[][] {
  const list = typeof input === 'string' || isIds(input) ? [input] : input;
  const tokens = list.map((one) => (typeof one === 'string' ? prompts[read](one) : prompts.ids(one, param)));
  if (tokens.every((one) => one.length > 0)) return tokens;
  throw new ProblemError(problem('invalid_request', `"${param}" has nothing to read.`, { param }));
}

function isIds(input: Exclude<EmbeddingRequest['input'], string>): input is number[] {
  return typeof input[0] === 'number';
}
