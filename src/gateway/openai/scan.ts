import { eachMember, textAt, type TakeMember } from '../http/members.ts';

/** What the gateway wants to know of a request's body; everything else passes through unread. */
export interface Scanned {
  model: string | undefined;
  /** Where its value stands, half-open; -1 where there is none. */
  modelFrom: number;
  modelTo: number;
  stream: boolean;
  /** `max_tokens`, or its newer name `max_completion_tokens`. */
  maxTokens: number | undefined;
  /** `n`. */
  answers: number;
  /** `user`: who the caller's own end user is, as it says. */
  user: string | undefined;
  /** Where `messages`, `prompt` or `input` stands, half-open; -1 where there is none. */
  promptFrom: number;
  promptTo: number;
}

const letterT = 0x74;

/** It is only compared, so what is longer than any id is cut. */
const userCharactersMax = 256;

/** A whole number that a client may mean as a count; undefined for anything else. */
function countAt(body: Buffer, from: number, to: number): number | undefined {
  const value = Number(body.toString('latin1', from, Math.min(to, from + 24)));
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

type Take = (found: Scanned, body: Buffer, span: readonly [from: number, to: number]) => void;

const takePrompt: Take = (found, _body, [from, to]) => {
  found.promptFrom = from;
  found.promptTo = to;
};
const takeMaxTokens: Take = (found, body, [from, to]) => {
  found.maxTokens = countAt(body, from, to);
};

/** What is done with the members that matter; like JSON.parse, the last of equal names counts. */
const takes: ReadonlyMap<string, Take> = new Map<string, Take>([
  [
    'model',
    (found, body, [from, to]) => {
      found.model = textAt(body, from, to);
      found.modelFrom = from;
      found.modelTo = to;
    },
  ],
  [
    'stream',
    (found, body, [from]) => {
      found.stream = body[from] === letterT;
    },
  ],
  [
    'user',
    (found, body, [from, to]) => {
      found.user = textAt(body, from, to)?.slice(0, userCharactersMax);
    },
  ],
  [
    'n',
    (found, body, [from, to]) => {
      found.answers = Math.max(1, countAt(body, from, to) ?? 1);
    },
  ],
  ['max_tokens', takeMaxTokens],
  ['max_completion_tokens', takeMaxTokens],
  ['messages', takePrompt],
  ['prompt', takePrompt],
  ['input', takePrompt],
]);

const takeMember: TakeMember<Scanned> = (found, name, { body, from, to }) => {
  takes.get(name)?.(found, body, [from, to]);
};

/**
 * Finds what matters at the top level of a JSON object without parsing it. Undefined where the bytes are not an object
 * this reader follows: the caller then parses, to say exactly what is wrong.
 */
export function scan(body: Buffer): Scanned | undefined {
  const found: Scanned = {
    model: undefined,
    modelFrom: -1,
    modelTo: -1,
    stream: false,
    maxTokens: undefined,
    answers: 1,
    user: undefined,
    promptFrom: -1,
    promptTo: -1,
  };
  return eachMember(body, found, takeMember) ? found : undefined;
}
