import type { Millrace } from '@millrace/sdk';

export interface Question {
  readonly model: string;
  readonly prompt: string;
  readonly outputTokensMax: number;
}

/** How one streamed answer came, in milliseconds since it was asked for. */
export interface Timed {
  /** When its first token was there; undefined when none ever was. */
  readonly firstMs: number | undefined;
  readonly totalMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

export async function askTimed(client: Millrace, question: Question): Promise<Timed> {
  const { model, prompt, outputTokensMax } = question;
  const request = {
    model,
    messages: [{ role: 'user' as const, content: prompt }],
    temperature: 0,
    max_tokens: outputTokensMax,
    stream_options: { include_usage: true },
  };
  const sentMs = performance.now();
  let firstMs: number | undefined;
  let told = { promptTokens: 0, outputTokens: 0 };
  for await (const { choices, usage } of client.chatStream(request)) {
    if ((choices[0]?.delta.content ?? '') !== '') firstMs ??= performance.now() - sentMs;
    if (usage) told = { promptTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens ?? 0 };
  }
  return { firstMs, totalMs: performance.now() - sentMs, ...told };
}

/** Milliseconds for each token after the first; undefined where there is none. */
export function tokenMsOf({ firstMs, totalMs, outputTokens }: Timed): number | undefined {
  return firstMs === undefined || outputTokens < 2 ? undefined : (totalMs - firstMs) / (outputTokens - 1);
}
