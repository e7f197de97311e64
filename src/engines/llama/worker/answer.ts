import type { Token } from 'node-llama-cpp';
import type { ChatTokenLogprob, TokenUsage } from '#schema';
import type { EventStream, WireReply } from '../../wire/index.ts';
import type { Asked, Piece, Written } from './asked.ts';
import type { Choice, Finished, Generate } from './generate.ts';

interface Answering {
  readonly asked: Asked;
  readonly generate: Generate;
  readonly signal: AbortSignal;
}

/** Writes all answers and then sends them. */
export async function answerWhole(answering: Answering, reply: WireReply): Promise<void> {
  const { asked } = answering;
  const answers = await allAnswers(answering, async (choice, index) => {
    let text = '';
    const tokens: Token[] = [];
    const logprobs: ChatTokenLogprob[] | undefined = choice.logprobs && [];
    const { rest, ...end } = await answering.generate(choice, (step) => {
      text += step.text;
      tokens.push(step.token);
      if (step.logprob !== undefined) logprobs?.push(step.logprob);
      return undefined;
    });
    return { ...end, index, text: text + rest, tokens, logprobs };
  });
  reply.json(200, asked.form.whole(answers, usageOf(asked, answers)));
}

/** Sends the answers as they are written, each token that settles text as a chunk of its own. */
export async function answerStream(answering: Answering, reply: WireReply): Promise<void> {
  const { asked } = answering;
  let stream: EventStream | undefined;
  // Begun by the first token: what goes wrong before it is still an answer with a status of its own.
  const begun = (): EventStream => (stream ??= reply.stream());
  const ends = await allAnswers(answering, (choice, index) => {
    const sink = createSink({ asked, index, begun });
    return answering.generate(choice, sink.step).then((end) => sink.close(end));
  });
  if (asked.includeUsage) begun().write(asked.form.usage(usageOf(asked, ends)));
  begun().end();
}

/** One fails, all stop: half an answer is none. */
async function allAnswers<T>(
  { asked, signal }: Answering,
  write: (choice: Choice, index: number) => Promise<T>,
): Promise<readonly T[]> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const running = choicesOf(asked, both).map(async (choice, index) => {
    try {
      return await write(choice, index);
    } catch (error) {
      stop.abort();
      throw error;
    }
  });
  const settled = await Promise.allSettled(running);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

function choicesOf(asked: Asked, signal: AbortSignal): readonly Choice[] {
  return asked.prompts.flatMap((prompt, at) =>
    Array.from({ length: asked.n }, (_, index) => ({
      prompt,
      tokensMax: asked.tokensMax[at] ?? 1,
      stops: asked.stops,
      draw: asked.drawOf(at * asked.n + index),
      logprobs: asked.logprobs,
      signal,
    })),
  );
}

interface SinkSpec {
  readonly asked: Asked;
  readonly index: number;
  readonly begun: () => EventStream;
}

interface Sink {
  readonly step: Parameters<Generate>[1];
  readonly close: (end: Finished) => Ended;
}

type Ended = Pick<Written, 'index' | 'cachedTokens'> & Pick<Finished, 'writtenTokens'>;

const unended = { reason: null } as const;

function createSink({ asked, index, begun }: SinkSpec): Sink {
  const { form } = asked;
  let stream: EventStream | undefined;
  let tokens: Token[] = [];
  let logprobs: ChatTokenLogprob[] = [];
  const open = (): EventStream => {
    if (stream !== undefined) return stream;
    stream = begun();
    const opening = form.opening(index);
    if (opening !== undefined) stream.write(opening);
    return stream;
  };
  const detailed = asked.logprobs !== undefined || asked.withIds;
  const pieceOf = (text: string, end: Pick<Piece, 'reason' | 'stoppedBy'>): string => {
    const piece = { index, text, tokens, logprobs: asked.logprobs && logprobs, ...end };
    tokens = [];
    logprobs = [];
    return form.chunk(piece);
  };
  return {
    step: ({ token, text, logprob }) => {
      const out = open();
      if (detailed) tokens.push(token);
      if (logprob !== undefined) logprobs.push(logprob);
      if (text === '') return undefined;
      const flows = out.write(detailed ? pieceOf(text, unended) : form.plain(index, text));
      return flows ? undefined : out.drained();
    },
    close: ({ rest, reason, stoppedBy, cachedTokens, writtenTokens }) => {
      const out = open();
      if (rest !== '') out.write(pieceOf(rest, unended));
      out.write(pieceOf('', { reason, stoppedBy }));
      return { index, cachedTokens, writtenTokens };
    },
  };
}

function usageOf(asked: Asked, ends: readonly Ended[]): TokenUsage {
  const prompt = asked.prompts.reduce((sum, tokens) => sum + tokens.length, 0);
  const completion = ends.reduce((sum, end) => sum + end.writtenTokens, 0);
  // A prompt counts once, however many answers it gets; so does what was known of it before.
  const cached = ends.reduce((sum, end) => sum + (end.index % asked.n === 0 ? end.cachedTokens : 0), 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
  };
}
