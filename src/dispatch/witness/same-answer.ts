import type { Ask } from '../ask.ts';
import { wholeOf } from './kept.ts';
import { readAnswer } from './read-answer.ts';
import type { Testimony } from './witness.ts';

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Whether a request has one right answer: embeddings, tensors, and words that are not drawn by chance. */
export function isFixed({ endpoint, body }: Ask): boolean {
  if (endpoint !== '/v1/chat/completions' && endpoint !== '/v1/completions') return true;
  return parsed(body)['temperature'] === 0;
}

/** What of an answer must be the same: its text, or its numbers. Names, ids and times may differ. */
function core({ ask, kept, status }: Testimony): string | undefined {
  const whole = kept && wholeOf(kept);
  if (whole === undefined || status >= 400) return undefined;
  const read = readAnswer(whole, ask.endpoint);
  if (read !== undefined) return read.text;
  const { data, outputs } = parsed(whole);
  return data === undefined && outputs === undefined ? undefined : JSON.stringify(data ?? outputs);
}

export function sameAnswer(left: Testimony, right: Testimony): boolean {
  const one = core(left);
  return one !== undefined && one === core(right);
}
