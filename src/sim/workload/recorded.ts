import { z } from 'zod';
import type { WorkloadSpec } from '#schema';
import type { Rng } from '#contracts';
import type { Arrival } from './arrival.ts';
import { copiesOf } from './copies.ts';
import { drawLength } from './draw.ts';
import { nothingFrom, recordingRowsOf } from './rows.ts';

const asked = z.object({
  in: z.literal('ask'),
  at: z.number(),
  request: z.number(),
  ask: z.object({ tenant: z.string(), promptFrom: z.number(), promptTo: z.number(), bodyBytes: z.number() }),
  prefix: z.array(z.number()),
});
const answered = z.object({ in: z.literal('end'), promptTokens: z.number(), completionTokens: z.number() });
const ended = z.object({ do: z.literal('end'), request: z.number() });

interface Heard {
  readonly ask: z.infer<typeof asked>;
  promptTokens: number;
  outputTokens: number;
}

/** The requests of a recording, with the tokens of those that were answered. */
function hear(path: string): readonly Heard[] {
  const all = new Map<number, Heard>();
  let answer: z.infer<typeof answered> | undefined;
  for (const { cells: row } of recordingRowsOf(path)) {
    const ask = asked.safeParse(row);
    if (ask.success) all.set(ask.data.request, { ask: ask.data, promptTokens: 0, outputTokens: 0 });
    // A reply that is over ends its request in the same moment: the next line that ends one.
    answer = answered.safeParse(row).data ?? answer;
    const end = ended.safeParse(row);
    const heard = end.success ? all.get(end.data.request) : undefined;
    if (heard === undefined || answer === undefined) continue;
    heard.promptTokens = answer.promptTokens;
    heard.outputTokens = answer.completionTokens;
    answer = undefined;
  }
  return [...all.values()];
}

const bytesPerToken = 4;

function promptTokensOf({ ask: { ask }, promptTokens }: Heard): number {
  const bytes = ask.promptFrom < 0 ? ask.bodyBytes : ask.promptTo - ask.promptFrom;
  return promptTokens > 0 ? promptTokens : Math.max(1, Math.round(bytes / bytesPerToken));
}

/** Recorded hashes are of 1 KiB each; a block here is of twice as much (512 tokens). */
function blocksOf({ ask: { prefix } }: Heard): readonly number[] {
  return prefix.filter((_, at) => at % 2 === 1);
}

/**
 * The requests that a platform took in while it recorded, at their times. Those that were refused or broke off have no
 * token counts: their prompts are estimated from their bytes, their answers drawn.
 */
export function* recorded(path: string, spec: WorkloadSpec, rng: Rng): Generator<Arrival, undefined> {
  const all = hear(path);
  const firstMs = all[0]?.ask.at ?? 0;
  let isEmpty = true;
  for (const heard of all) {
    const atMs = (heard.ask.at - firstMs - spec.fromS * 1000) / spec.speed;
    if (atMs < 0) continue;
    isEmpty = false;
    const arrival = {
      atMs,
      promptTokens: promptTokensOf(heard),
      outputTokens: heard.outputTokens > 0 ? heard.outputTokens : drawLength(rng, spec.output),
      blocks: blocksOf(heard),
      tenant: heard.ask.ask.tenant,
    };
    for (let copies = copiesOf(spec.scale, rng); copies > 0; copies--) yield arrival;
  }
  if (isEmpty) throw nothingFrom(path, spec.fromS, 'request');
  return undefined;
}
