import { fit, messagesRequest, problem, ProblemError } from '#schema';
import type { Result } from '#contracts';
import type { Verdict, Work } from '#dispatch';
import { chatAnswer } from './chat-answer.ts';
import { translateAnswer } from './translate-answer.ts';
import { translateRequest } from './translate-request.ts';

const unfit = problem('invalid_request', 'The body does not fit /v1/messages.', { param: 'body' });

/** The question in the dialect of the engines. Whole: nobody is there to read a stream. */
function questionOf(input: Uint8Array): Result<Buffer> {
  try {
    const parsed = fit(messagesRequest, JSON.parse(Buffer.from(input).toString('utf8')));
    if (!parsed.ok) return parsed;
    const translated = translateRequest({ ...parsed.value, stream: false });
    return { ok: true, value: Buffer.from(JSON.stringify(translated)) };
  } catch (thrown) {
    return { ok: false, problem: thrown instanceof ProblemError ? thrown.problem : unfit };
  }
}

function answered(verdict: Verdict, known: { readonly requestId: string; readonly model: string }): Verdict {
  if (verdict.kind !== 'succeeded') return verdict;
  const { reply } = verdict;
  try {
    const said = chatAnswer.parse(JSON.parse(Buffer.from(reply.body).toString('utf8')));
    const body = Buffer.from(JSON.stringify(translateAnswer(said, known)));
    return { kind: 'succeeded', reply: { ...reply, body } };
  } catch {
    const message = 'The replica answered something that cannot be read.';
    return { kind: 'faulted', problem: problem('replica_failed', message) };
  }
}

/** Runs a task of `/v1/messages`: translates question and answer around the work of the engines' dialect. */
export function createMessagesWork(run: Work): Work {
  return (task, input, listener) => {
    const question = questionOf(input);
    if (!question.ok) {
      listener.ended({ kind: 'refused', problem: question.problem });
      return () => undefined;
    }
    return run({ ...task, endpoint: '/v1/chat/completions' }, question.value, {
      progressed: (progress) => listener.progressed(progress),
      ended: (verdict) => listener.ended(answered(verdict, { requestId: task.id, model: task.model })),
    });
  };
}
