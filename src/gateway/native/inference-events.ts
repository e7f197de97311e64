import { problemBody, type InferenceResponse, type Problem } from '#schema';
import type { Chosen } from '#dispatch';
import type { StreamTranslation } from '../replies/translated-stream.ts';
import { chatChunk, confidenceOf, logprobsOf, type Answer } from './answers.ts';

/** What has come so far. */
interface Gathered {
  text: string;
  finishReason: string | undefined;
  done: boolean;
  readonly logprobs: number[];
  usage: Answer['usage'];
}

/** Takes one chunk in; returns the piece of text it brought. */
function gather(gathered: Gathered, payload: string): string {
  const { choices, usage } = chatChunk.parse(JSON.parse(payload));
  gathered.usage = usage ?? gathered.usage;
  const choice = choices[0];
  if (choice === undefined) return '';
  gathered.finishReason = choice.finish_reason ?? gathered.finishReason;
  gathered.logprobs.push(...logprobsOf(choice));
  const delta = choice.delta?.content ?? choice.text ?? '';
  gathered.text += delta;
  return delta;
}

function toAnswer({ text, finishReason, logprobs, usage }: Gathered): Answer {
  const confidence = confidenceOf(logprobs);
  const answer = { predictions: [{ text, finish_reason: finishReason ?? 'stop' }], usage };
  return confidence === undefined ? answer : { ...answer, confidence };
}

function eventOf(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/**
 * The engine's events as ours: `{"text": "…"}` for each piece, then the whole answer as `/v1/inference` gives it without
 * `stream`, then `[DONE]`.
 */
export function createInferenceEvents(
  finish: (chosen: Chosen, answer: Answer) => InferenceResponse,
): StreamTranslation {
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const gathered: Gathered = { text: '', finishReason: undefined, done: false, logprobs: [], usage };
  return {
    begin: () => '',
    event(payload) {
      if (payload === '[DONE]') {
        gathered.done = true;
        return '';
      }
      const text = gather(gathered, payload);
      return text === '' ? '' : eventOf({ text });
    },
    end(chosen) {
      if (!gathered.done && gathered.finishReason === undefined) return undefined;
      return `${eventOf(finish(chosen, toAnswer(gathered)))}data: [DONE]\n\n`;
    },
    broken: (payload) => `data: ${payload}\n\n`,
    failed: (cause: Problem) => eventOf(problemBody(cause)),
  };
}
