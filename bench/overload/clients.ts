import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { createChance } from '../harness/chance.ts';

export interface Target {
  /** With several each attempt goes to one of them by chance, as clients do that know all servers. */
  readonly origins: readonly string[];
  readonly path: string;
  readonly model: string;
  /** Keys by class; a class without one asks without. */
  readonly keys: Readonly<Partial<Record<Class, string>>>;
}

export type Class = 'critical' | 'standard';

/** What became of one call: of its first attempt and those that followed it. */
export interface Call {
  readonly class: Class;
  /** Seconds from the start of the load. */
  readonly at: number;
  good: boolean;
  attempts: number;
  /** From the beginning of the attempt that was answered. */
  tookMs: number;
  /** HTTP status of the last attempt; 0 when the client gave up on it. */
  status: number;
}

/** Calls come at random, at a rate that is told for every moment; nobody waits for anybody (an open loop). */
export interface Load {
  readonly seconds: number;
  readonly rateAt: (second: number) => number;
  readonly criticalShare: number;
  readonly seed: number;
  /** How often a client asks for one thing; three times when absent. */
  readonly attemptsMax?: number;
}

const deadlineMs = 1000;
const attemptsUsual = 3;
const pauseMs = { min: 50, spread: 100 };

const agent = new Agent({
  connections: 4096,
  pipelining: 1,
  keepAliveTimeout: 30_000,
  headersTimeout: 0,
  bodyTimeout: 0,
});

/** One attempt: its status, or 0 when the client had waited long enough and left. */
function attempt(
  target: Target,
  call: Call,
  { origin, body }: { origin: string; body: string },
): Promise<number> {
  const key = target.keys[call.class];
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-deadline-ms': String(deadlineMs),
    'x-priority': call.class,
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  return new Promise((resolve) => {
    let status = 0;
    let abort: (() => void) | undefined;
    const timer = setTimeout(() => {
      resolve(0);
      abort?.();
    }, deadlineMs);
    const over = (answered: number): void => {
      clearTimeout(timer);
      resolve(answered);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: (controller) => {
        abort = () => controller.abort(new Error('waited long enough'));
      },
      onResponseStart: (_controller, code) => {
        status = code;
      },
      onResponseData: () => undefined,
      onResponseEnd: () => over(status),
      onResponseError: () => over(0),
    };
    agent.dispatch({ origin, path: target.path, method: 'POST', headers, body }, handler);
  });
}

async function place(
  target: Target,
  call: Call,
  given: { body: string; chance: () => number; attemptsMax: number },
): Promise<void> {
  const { body, chance, attemptsMax } = given;
  const { origins } = target;
  for (; call.attempts < attemptsMax && !call.good;) {
    if (call.attempts > 0) await delay(pauseMs.min + pauseMs.spread * chance());
    const origin = origins[origins.length === 1 ? 0 : Math.floor(chance() * origins.length)] ?? '';
    call.attempts += 1;
    const startedMs = performance.now();
    call.status = await attempt(target, call, { origin, body });
    call.tookMs = performance.now() - startedMs;
    call.good = call.status === 200 && call.tookMs <= deadlineMs;
  }
}

/** Puts the load on the target; resolves when every call is over. */
export async function putLoad(target: Target, load: Load): Promise<readonly Call[]> {
  const { attemptsMax = attemptsUsual } = load;
  const chance = createChance(load.seed);
  const body = JSON.stringify({
    model: target.model,
    messages: [{ role: 'user', content: 'A question of the usual length, please.' }],
  });
  const calls: Call[] = [];
  const pending: Promise<void>[] = [];
  const startMs = performance.now();
  let at = 0;
  for (;;) {
    at += -Math.log(1 - chance()) / load.rateAt(at);
    if (at >= load.seconds) break;
    const early = at * 1000 - (performance.now() - startMs);
    if (early > 1) await delay(early);
    const call: Call = {
      class: chance() < load.criticalShare ? 'critical' : 'standard',
      at,
      good: false,
      attempts: 0,
      tookMs: 0,
      status: 0,
    };
    calls.push(call);
    pending.push(place(target, call, { body, chance, attemptsMax }));
  }
  await Promise.all(pending);
  return calls;
}

/** Requests per second of an engine that always has the next one waiting. */
export async function measureCapacity(
  target: Target,
  given: { places: number; seconds: number },
): Promise<number> {
  const body = JSON.stringify({ model: target.model, messages: [] });
  const endMs = performance.now() + given.seconds * 1000;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const call: Call = { class: 'standard', at: 0, good: false, attempts: 0, tookMs: 0, status: 0 };
      if ((await attempt(target, call, { origin: target.origins[0] ?? '', body })) === 200) done += 1;
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: given.places }, worker));
  return done / ((performance.now() - startMs) / 1000);
}
