import { problem, tensorMembers, type Problem } from '#schema';
import type { ReplyHead, Result } from '#contracts';
import { membersOf, objectOf, textAt } from '../http/members.ts';
import type { Told } from './told.ts';

/** A question whose tensors are still bytes. */
export interface TensorQuestion {
  readonly model: string;
  /** As the Open Inference Protocol has it. */
  readonly body: Buffer;
}

export const tensorEndpoint = '/v2/models/infer';

type Members = ReadonlyMap<string, Buffer>;

function refused(code: 'invalid_request' | 'unsupported_parameter', param: string, message: string) {
  return { ok: false, problem: problem(code, message, { param }) } as const;
}

/** The members of a request that asks for tensors; undefined for one that asks in words. */
export function tensorsIn(body: Buffer): Members | undefined {
  const members = membersOf(body);
  return members?.has('inputs') === true ? members : undefined;
}

/** Takes the model's name out of a request; the rest is what an engine of the Open Inference Protocol reads. */
export function readTensorQuestion(members: Members): Result<TensorQuestion> {
  for (const name of members.keys())
    if (!tensorMembers.has(name))
      return refused('unsupported_parameter', name, `With "inputs" there is no "${name}". Leave it out.`);
  const named = members.get('model') ?? Buffer.alloc(0);
  const model = textAt(named, 0, named.length);
  if (model === undefined || model === '')
    return refused('invalid_request', 'model', '"model" must be the name of a deployment.');
  return { ok: true, value: { model, body: objectOf([...members].filter(([name]) => name !== 'model')) } };
}

/** The engine's answer with what we know of it; undefined where there are no tensors in it. */
export function tensorAnswer(reply: Buffer, { id, model, version, timing }: Told): Buffer | undefined {
  const outputs = membersOf(reply)?.get('outputs');
  if (outputs === undefined) return undefined;
  return objectOf([
    ['id', JSON.stringify(id)],
    ['model', JSON.stringify(model)],
    ['version', JSON.stringify(version)],
    ['outputs', outputs],
    ['timing', JSON.stringify(timing)],
  ]);
}

const busy: ReadonlySet<number> = new Set([429, 503]);

/** The seconds that an engine says; undefined where it says none, or a date. */
function waitMs(retryAfter: string | undefined): number | undefined {
  return /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : undefined;
}

/** What an engine's refusal means to our caller: its words, in our shape. */
export function tensorRefusal(
  { status, retryAfter }: Pick<ReplyHead, 'status' | 'retryAfter'>,
  reply: Buffer,
): Problem {
  const told = membersOf(reply)?.get('error');
  const words = told && textAt(told, 0, told.length);
  const message = words ?? `The engine answered with status ${status}.`;
  if (busy.has(status)) return problem('overloaded', message, { retryAfterMs: waitMs(retryAfter) });
  return status >= 500 ? problem('replica_failed', message) : problem('invalid_request', message);
}

export const binaryAsked = problem(
  'unsupported_parameter',
  'Binary tensors are not JSON. Ask for them at /v2/models/NAME/infer.',
  { param: 'outputs' },
);
