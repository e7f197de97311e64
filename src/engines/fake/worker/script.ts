/** What a prompt asks the fake engine to do, beside answering. */
export interface PromptScript {
  readonly crash: boolean;
  readonly hang: boolean;
  /** HTTP status to refuse with. */
  readonly errorStatus: number | undefined;
  readonly tokens: number | undefined;
  readonly sleepMs: number;
}

const commands = /(?:^|\s)!(crash|hang|error|tokens|sleep)(?:\s+(\d{1,7}))?(?=\s|$)/g;

/** Reads `!crash`, `!hang`, `!error 503`, `!tokens 50` and `!sleep 200` anywhere in a prompt; the last one counts. */
export function parseScript(prompt: string): PromptScript {
  const found = new Map<string, number | undefined>();
  for (const [, name = '', digits] of prompt.matchAll(commands)) {
    found.set(name, digits === undefined ? undefined : Number(digits));
  }
  const status = found.get('error') ?? 500;
  return {
    crash: found.has('crash'),
    hang: found.has('hang'),
    errorStatus: found.has('error') ? Math.min(599, Math.max(400, status)) : undefined,
    tokens: found.get('tokens'),
    sleepMs: found.get('sleep') ?? 0,
  };
}
