import { z } from 'zod';
import type { Result, SignsOfLife } from '#contracts';
import { problem } from '#schema';
import { ask } from './ask.ts';
import { lifePath } from './server.ts';

const signsOfLife = z.object({
  state: z.enum(['loading', 'ready', 'failed']),
  loadedFraction: z.number().min(0).max(1).optional(),
  progress: z.number().min(0),
  active: z.number().int().min(0),
  queued: z.number().int().min(0),
  message: z.string().optional(),
  facts: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
});

/** Asks a worker of ours for its signs of life; within 2 s it has answered, or counts as silent. */
export async function askLife(endpoint: string, signal: AbortSignal): Promise<Result<SignsOfLife>> {
  const answered = await ask({ endpoint, path: lifePath, signal });
  if (!answered.ok) return answered;
  const { status, text } = answered.value;
  if (status !== 200) return nonsense(`status ${status}`);
  const parsed = signsOfLife.safeParse(parseJson(text));
  return parsed.success ? { ok: true, value: parsed.data } : nonsense(z.prettifyError(parsed.error));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nonsense(why: string): Result<SignsOfLife> {
  return {
    ok: false,
    problem: problem('replica_failed', `The replica's signs of life make no sense: ${why}`),
  };
}
