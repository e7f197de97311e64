import type { EventStream, WireReply } from '../../wire/index.ts';
import { createCounters } from './counters.ts';
import { createRequests } from './requests.ts';
import type { Running } from './running.ts';

const nowhere = (): void => undefined;

const noStream: EventStream = {
  closed: false,
  write: () => true,
  drained: () => Promise.resolve(),
  end: nowhere,
};

const noReply: WireReply = {
  header: nowhere,
  json: nowhere,
  jsonText: nowhere,
  bytes: nowhere,
  problem: nowhere,
  stream: () => noStream,
};

const question = {
  model: 'warm-up',
  messages: [{ role: 'user', content: 'Hello!' }],
  max_tokens: 2,
  temperature: 0,
};

/**
 * The first answers of a process take longer than all others: memory is touched and code compiled. They go to nobody,
 * before anybody is told that it is ready. A model that cannot answer this question is ready all the same.
 */
export async function warmUp(running: Running): Promise<void> {
  const handlers = createRequests({ running: () => running, counters: createCounters(), fingerprint: '' });
  const answer = handlers['POST /v1/chat/completions'];
  for (const stream of [false, true]) {
    try {
      const { signal } = new AbortController();
      await answer?.({ headers: {}, body: { ...question, stream }, signal }, noReply);
    } catch {
      return;
    }
  }
}
