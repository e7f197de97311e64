import type { RecordedAsk, RecordedInput } from '#schema';
import { type Clock, type ReplyListener, type Rng, silentMeters, type Transport } from '#contracts';
import type { Ask, Ticket } from '../ask.ts';
import { createDirectory, type Directory } from '../directory.ts';
import { createDispatch, type Dispatch } from '../dispatch.ts';
import { servesAll } from '../route.ts';
import { deedOfCall, toldTo } from './recorder.ts';
import { createScript } from './script.ts';
import { createStage, type Compared, type Stage } from './stage.ts';

/** What a replay came to. */
export interface Replay extends Compared {
  /** From the first moment to the last, as recorded. */
  readonly spanMs: number;
}

/** What is under way in the replay. */
interface Cast {
  readonly timers: Map<number, () => void>;
  readonly calls: Map<number, ReplyListener>;
  readonly tickets: Map<number, Ticket>;
  /** While an answer is told: its caller lets it wait. */
  pausing: boolean;
}

function replayedClock(stage: Stage, cast: Cast, epochMs: number): Clock {
  let timers = 0;
  return {
    nowMs: () => epochMs + stage.nowMs(),
    monotonicMs: () => stage.nowMs(),
    setTimer(delayMs, callback) {
      const timer = (timers += 1);
      return stage.deed({ do: 'timer', timer, delayMs }, () => {
        cast.timers.set(timer, callback);
        return () => {
          cast.timers.delete(timer);
        };
      });
    },
  };
}

function replayedTransport(stage: Stage, cast: Cast): Transport {
  let calls = 0;
  return {
    send(outbound, listener) {
      const call = (calls += 1);
      return stage.deed(deedOfCall(call, outbound), () => {
        cast.calls.set(call, listener);
        const cancel = (): void => {
          stage.deed({ do: 'cancel', call }, () => cast.calls.delete(call));
        };
        return { cancel, resume: () => undefined };
      });
    },
    close: () => Promise.resolve(),
  };
}

function replayedRng(stage: Stage): Pick<Rng, 'next'> {
  return {
    next() {
      const value = stage.told();
      return typeof value === 'number' ? value : 0;
    },
  };
}

/** How many there are is all that counts. */
function blankHeaders(count: number): string[] {
  return Array.from({ length: count }, () => '');
}

function replayedDirectory(stage: Stage): Directory {
  return createDirectory({
    headersOf() {
      const count = stage.told();
      return typeof count === 'number' ? blankHeaders(count) : [];
    },
    servingOf() {
      const serving = stage.told();
      if (typeof serving !== 'object') return servesAll;
      return { endpoints: serving.endpoints, modelThere: serving.modelThere };
    },
    hardwareOf() {
      const name = stage.told();
      return typeof name === 'string' ? name : 'local';
    },
    batchSizeMaxOf() {
      const size = stage.told();
      return typeof size === 'number' ? size : undefined;
    },
  });
}

/** Grows to the largest body that is asked for; their bytes are never looked at. */
function createBlankBodies(): (length: number) => Uint8Array {
  let blank = new Uint8Array(65_536);
  return (length) => {
    if (length > blank.length) blank = new Uint8Array(length);
    return blank.subarray(0, length);
  };
}

function askOf(ask: RecordedAsk, prefix: readonly number[], body: Uint8Array): Ask {
  return {
    ...ask,
    requestId: '',
    session: ask.session,
    maxTokens: ask.maxTokens,
    deadlineMs: ask.deadlineMs,
    body,
    headers: blankHeaders(ask.headers * 2),
    prefix: Uint32Array.from(prefix),
  };
}

/** The end of an answer with these counts, as short as it can be. */
function usageBytes(promptTokens: number, completionTokens: number): Uint8Array {
  if (promptTokens + completionTokens === 0) return new Uint8Array(0);
  const text = `"usage""prompt_tokens"${promptTokens}"completion_tokens"${completionTokens}`;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const pieceBytes = 32_768;

/** An answer of so many bytes with these counts at its end. */
function deliver(cast: Cast, listener: ReplyListener, input: Extract<RecordedInput, { in: 'end' }>): void {
  const usage = usageBytes(input.promptTokens, input.completionTokens);
  const piece = new Uint8Array(pieceBytes);
  cast.pausing = input.paused;
  for (let left = input.bytes - usage.length; left > 0; left -= pieceBytes)
    listener.received(left < pieceBytes ? piece.subarray(0, left) : piece);
  listener.received(usage);
  cast.pausing = false;
  listener.ended();
}

interface Actors {
  readonly stage: () => Stage;
  readonly cast: Cast;
  readonly directory: () => Directory;
  readonly dispatch: () => Dispatch;
}

type Scenes = { readonly [K in RecordedInput['in']]: (input: Extract<RecordedInput, { in: K }>) => void };

function scenesOf({ stage, cast, directory, dispatch }: Actors): Scenes {
  const blankBody = createBlankBodies();
  const callOf = (call: number): ReplyListener | undefined => {
    const listener = cast.calls.get(call);
    cast.calls.delete(call);
    return listener;
  };
  return {
    resource({ type, resource }) {
      directory().apply({ type, resource });
    },
    ask({ request, ask, prefix }) {
      const over = (): void => void cast.tickets.delete(request);
      const caller = { started: () => undefined, received: () => !cast.pausing, ended: over, failed: over };
      const listener = toldTo(stage(), request, caller);
      const ticket = dispatch().submit(askOf(ask, prefix, blankBody(ask.bodyBytes)), listener);
      cast.tickets.set(request, ticket);
    },
    cancel({ request }) {
      cast.tickets.get(request)?.cancel();
      cast.tickets.delete(request);
    },
    timer({ timer }) {
      const callback = cast.timers.get(timer);
      cast.timers.delete(timer);
      callback?.();
    },
    head({ call, head: { status, contentType, contentLengthBytes, retryAfter, jsonBytes, runMs } }) {
      cast.calls
        .get(call)
        ?.started({ status, contentType, contentLengthBytes, retryAfter, jsonBytes, runMs });
    },
    end(input) {
      const listener = callOf(input.call);
      if (listener !== undefined) deliver(cast, listener, input);
    },
    fail({ call, problem, sent }) {
      callOf(call)?.failed(problem, sent);
    },
    threw: () => undefined,
    drain() {
      void dispatch().drain();
    },
    told: () => undefined,
  };
}

function play<K extends RecordedInput['in']>(scenes: Scenes, input: Extract<RecordedInput, { in: K }>): void {
  const scene: (input: Extract<RecordedInput, { in: K }>) => void = scenes[input.in];
  scene(input);
}

/**
 * Tells a recording again: the same dispatch, under the clock and the chance of then. What it does is compared with
 * what it did, byte for byte.
 */
export function replayRecording(lines: Iterable<string>): Replay {
  const script = createScript(lines);
  const cast: Cast = { timers: new Map(), calls: new Map(), tickets: new Map(), pausing: false };
  const firstMs = firstMoment(script);
  const scenes = scenesOf({ stage: () => stage, cast, directory: () => directory, dispatch: () => dispatch });
  const stage = createStage(script, (input) => {
    play(scenes, input);
  });
  const directory = replayedDirectory(stage);
  const dispatch = createDispatch({
    directory,
    clock: replayedClock(stage, cast, script.epochMs),
    transport: replayedTransport(stage, cast),
    rng: replayedRng(stage),
    meters: silentMeters,
  });
  dispatch.loads.onStarved((deployment) => {
    stage.deed({ do: 'starve', deployment }, () => undefined);
  });
  stage.playOn();
  return { ...stage.outcome(), spanMs: stage.nowMs() - firstMs };
}

function firstMoment(script: ReturnType<typeof createScript>): number {
  const first = script.peek();
  return first?.kind === 'input' ? first.input.at : 0;
}
