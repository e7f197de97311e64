import { cacheFile } from '../harness/cache.ts';

const question =
  'Compare "first come, first served" with weighted fair queueing for a service whose requests differ a hundredfold ' +
  'in size. Give ten lines, each with an example, and say which of the two you would take and why.\n';
const system = 'You answer briefly, in plain words, and say so when you do not know something.';

function body(chars: number, extra: Readonly<Record<string, unknown>> = {}): string {
  const messages = [{ role: 'system', content: system }];
  for (let left = chars; left > 0; left -= 600)
    messages.push({
      role: messages.length % 2 === 1 ? 'user' : 'assistant',
      content: question.repeat(3).slice(0, Math.min(left, 600)),
    });
  return JSON.stringify({ model: 'bench', messages, temperature: 0.7, max_tokens: 256, ...extra });
}

/** Request bodies as files, for the load generator. The pace is asked for in `user`, which gateways pass on. */
export function writeBodies(
  paceMs: number,
  manyPaceMs: number,
): { small: string; large: string; stream: string; many: string } {
  return {
    small: cacheFile('body-1k.json', body(740)),
    large: cacheFile('body-100k.json', body(94_000)),
    stream: cacheFile('body-stream.json', body(740, { stream: true, user: `paced-${paceMs}` })),
    many: cacheFile('body-many.json', body(740, { stream: true, user: `paced-${manyPaceMs}` })),
  };
}
