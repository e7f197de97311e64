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

/** One answer in one piece and one as a stream touch everything once; compilers want it to be done some dozens of times. */
const answersMin = 2;
const thorough = { answersMax: 60, forMs: 400 };

/**
 * The first answers of a process take longer than all others: memory is touched and code compiled. They go to nobody,
 * before anybody is told that it is ready. A model that cannot answer this question is ready all the same.
 */
export async function warmUp(running: Running, isThorough: boolean): Promise<void> {
  const handlers = createRequests({ running: () => running, counters: createCounters(), fingerprint: '' });
  const answer = handlers['POST /v1/chat/completions'];
  const answersMax = isThorough ? thorough.answersMax : answersMin;
  const untilMs = performance.now() + thorough.forMs;
  for (let count = 0; count < answersMax; count += 1) {
    if (count >= answersMin && performance.now() > untilMs) return;
    try {
      const { signal } = new AbortController();
      const body = { ...question, stream: count % 2 === 1 };
      await answer?.({ headers: {}, body, signal }, noReply);
    } catch {
      return;
    }
  }
}
