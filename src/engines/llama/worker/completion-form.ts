import type { ChatTokenLogprob } from '#schema';
import { endOf, type Form, type Head, type Piece, type Written } from './asked.ts';

interface CompletionFormSpec {
  readonly head: Head;
  readonly includeUsage: boolean;
  /** The ids of each prompt, where they and those of the answers are wanted; answer `i` goes with prompt `floor(i / n)`. */
  readonly promptTokenIds: readonly (readonly number[])[] | undefined;
  readonly n: number;
}

/** `text_completion`, whole and in chunks: they share one shape. */
export function createCompletionForm({ head, includeUsage, promptTokenIds, n }: CompletionFormSpec): Form {
  const prefix = JSON.stringify(head).slice(0, -1);
  const suffix = includeUsage ? ',"usage":null}' : '}';
  const usage = includeUsage ? { usage: null } : {};
  const offsets = new Map<number, number>();
  const idsOf = (piece: Written | Piece): object =>
    promptTokenIds === undefined
      ? {}
      : { token_ids: piece.tokens, prompt_token_ids: promptTokenIds[Math.floor(piece.index / n)] };
  const choice = (piece: Written | Piece): object => {
    const offset = offsets.get(piece.index) ?? 0;
    offsets.set(piece.index, offset + piece.text.length);
    return {
      index: piece.index,
      text: piece.text,
      logprobs: piece.logprobs === undefined ? null : columns(piece.logprobs, offset),
      ...endOf(piece),
      ...idsOf(piece),
    };
  };
  return {
    whole: (answers, counts) => ({ ...head, choices: answers.map(choice), usage: counts }),
    opening: () => undefined,
    plain: (index, text) =>
      `${prefix},"choices":[{"index":${index},"text":${JSON.stringify(text)},"logprobs":null,"finish_reason":null}]${suffix}`,
    chunk: (piece) => JSON.stringify({ ...head, choices: [choice(piece)], ...usage }),
    usage: (counts) => JSON.stringify({ ...head, choices: [], usage: counts }),
  };
}

/** The older shape: one list for each property. */
function columns(logprobs: readonly ChatTokenLogprob[], offset: number): object {
  let at = offset;
  return {
    tokens: logprobs.map((one) => one.token),
    token_logprobs: logprobs.map((one) => one.logprob),
    top_logprobs: logprobs.map((one) =>
      Object.fromEntries([...one.top_logprobs, one].map((other) => [other.token, other.logprob])),
    ),
    text_offset: logprobs.map((one) => {
      const here = at;
      at += one.token.length;
      return here;
    }),
  };
}
