import type { Log, Result, ScoreOrder, Scorer } from '#contracts';
import { createHeldThreads } from './held-threads.ts';
import { stepFailed } from './thread.ts';
import type { StepAnswer } from './worker/messages.ts';

/** Scores that may wait for a thread; what comes beyond is not judged. */
const queueDepthMax = 64;

/** The request as it stands, and the text that answered it. */
function bodyOf({ request, text }: ScoreOrder): Uint8Array {
  const before = Buffer.from('{"request":');
  const after = Buffer.from(`,"text":${JSON.stringify(text)}}`);
  return Buffer.concat([before, request, after]);
}

function read(log: Log, answer: Result<StepAnswer>): Result<number> {
  if (!answer.ok) return answer;
  const { value } = answer;
  if (value.kind === 'score') return { ok: true, value: value.score };
  const message = value.kind === 'failed' ? value.message.slice(0, 2000) : value.kind;
  log.warn('score-failed', { message });
  return stepFailed;
}

/** Users' own judges of answers, in threads: one for each deployment's judge, with a limit for time and memory. */
export function createThreadScorer({ log }: { readonly log: Log }): Scorer & { close(): Promise<void> } {
  const threads = createHeldThreads(log);
  let lastId = 0;
  return {
    score(order, done) {
      const { module, timeoutMs, memoryMb } = order.spec;
      const key = `${order.facts.deployment} ${JSON.stringify(order.spec)}`;
      const held = threads.enter(key, { score: module, timeoutMs, memoryMb, queueDepthMax });
      lastId += 1;
      held.thread.run({
        call: { kind: 'score', id: lastId, body: bodyOf(order), facts: order.facts },
        isWanted: () => true,
        done(answer) {
          threads.leave(key, held);
          done(read(log, answer));
        },
      });
    },
    close: () => threads.close(),
  };
}
