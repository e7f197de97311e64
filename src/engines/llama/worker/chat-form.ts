import type { ChatTokenLogprob } from '#schema';
import { endOf, type Form, type Head, type Piece, type Written } from './asked.ts';

interface ChatFormSpec {
  readonly head: Head;
  readonly includeUsage: boolean;
  /** The ids of the prompt, where they and those of the answers are wanted. */
  readonly promptTokenIds: readonly number[] | undefined;
}

/** `chat.completion` and its chunks. */
export function createChatForm({ head, includeUsage, promptTokenIds }: ChatFormSpec): Form {
  const ids = promptTokenIds === undefined ? {} : { prompt_token_ids: promptTokenIds };
  const chunkHead = { ...head, object: 'chat.completion.chunk' };
  const usage = includeUsage ? { usage: null } : {};
  const prefix = JSON.stringify(chunkHead).slice(0, -1);
  const suffix = includeUsage ? ',"usage":null}' : '}';
  const chunk = (choice: object, extra: object = {}): string =>
    JSON.stringify({ ...chunkHead, choices: [choice], ...usage, ...extra });
  return {
    whole: (answers, counts) => ({
      ...head,
      choices: answers.map((answer) => wholeChoice(answer, promptTokenIds !== undefined)),
      usage: counts,
      ...ids,
    }),
    opening: (index) =>
      chunk(
        { index, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
        index === 0 ? ids : {},
      ),
    plain: (index, text) =>
      `${prefix},"choices":[{"index":${index},"delta":{"content":${JSON.stringify(text)}},"logprobs":null,"finish_reason":null}]${suffix}`,
    chunk: (piece) => chunk(chunkChoice(piece, promptTokenIds !== undefined)),
    usage: (counts) => JSON.stringify({ ...chunkHead, choices: [], usage: counts }),
  };
}

function logprobsOf(
  logprobs: readonly ChatTokenLogprob[] | undefined,
): { content: readonly ChatTokenLogprob[]; refusal: null } | null {
  return logprobs === undefined ? null : { content: logprobs, refusal: null };
}

function wholeChoice(answer: Written, withIds: boolean): object {
  return {
    index: answer.index,
    message: { role: 'assistant', content: answer.text, refusal: null },
    logprobs: logprobsOf(answer.logprobs),
    ...endOf(answer),
    ...(withIds ? { token_ids: answer.tokens } : {}),
  };
}

function chunkChoice(piece: Piece, withIds: boolean): object {
  return {
    index: piece.index,
    delta: piece.text === '' ? {} : { content: piece.text },
    logprobs: logprobsOf(piece.logprobs),
    ...endOf(piece),
    ...(withIds ? { token_ids: piece.tokens } : {}),
  };
}
