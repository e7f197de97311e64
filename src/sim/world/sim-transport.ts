import { problem, type Problem } from '#schema';
import { plainHead, type Clock, type ReplyListener, type Transport } from '#contracts';
import type { ReplicaModel } from '../engine/replica-model.ts';
import type { SequenceWork } from '../engine/sequence.ts';

export interface SimTransportInput {
  readonly clock: Clock;
  readonly networkMs: number;
  readonly modelAt: (endpoint: string) => ReplicaModel | undefined;
  /** What stands in a body. */
  readonly workOf: (body: Uint8Array | undefined) => SequenceWork;
}

export interface SimTransport extends Transport {
  /** Everything in flight to a replica breaks off: it died. */
  breakOff(endpoint: string): void;
}

const head = plainHead('text/event-stream');

const refused = problem('replica_failed', 'The replica refused the connection.');
const broken = problem('replica_failed', 'The replica died.');

const digits = 12;
const blank = ' '.repeat(digits);
const promptName = 'data: {"usage":{"prompt_tokens":';
const outputName = ',"completion_tokens":';
const template = new TextEncoder().encode(`${promptName}${blank}${outputName}${blank}}}\n\ndata: [DONE]\n\n`);
const promptEnd = promptName.length + digits;
const outputEnd = promptEnd + outputName.length + digits;

/** Writes a whole number so that it ends there. */
function writeNumber(bytes: Uint8Array, value: number, end: number): void {
  let left = value;
  let at = end;
  do {
    bytes[(at -= 1)] = 0x30 + (left % 10);
    left = Math.floor(left / 10);
  } while (left > 0);
}

/** Events are cut from slabs: a buffer for each would cost more than all else about them. */
const slabBytes = 65_536;
let slab = new Uint8Array(slabBytes);
let taken = 0;

/** The last event of a stream, with its usage, as engines send it. */
function lastEvent({ promptTokens, outputTokens }: SequenceWork): Uint8Array {
  if (taken + template.length > slabBytes) {
    slab = new Uint8Array(slabBytes);
    taken = 0;
  }
  const bytes = slab.subarray(taken, (taken += template.length));
  bytes.set(template);
  writeNumber(bytes, promptTokens, promptEnd);
  writeNumber(bytes, outputTokens, outputEnd);
  return bytes;
}

/** One call on its way, as a small machine: sent, taken in, begun, over. */
interface Call {
  readonly work: SequenceWork;
  readonly listener: ReplyListener;
  readonly siblings: Set<Call>;
  over: boolean;
  forget: (() => void) | undefined;
}

function leave(call: Call): boolean {
  if (call.over) return false;
  call.over = true;
  call.siblings.delete(call);
  return true;
}

function fail(call: Call, cause: Problem, sent: boolean): void {
  if (leave(call)) call.listener.failed(cause, sent);
}

function finish(call: Call): void {
  if (!leave(call)) return;
  call.listener.received(lastEvent(call.work));
  call.listener.ended();
}

/** A network to engines that are models of time: the head comes with the first token, the end with the last. */
export function createSimTransport({ clock, networkMs, modelAt, workOf }: SimTransportInput): SimTransport {
  const byEndpoint = new Map<string, Set<Call>>();

  function after(then: () => void): void {
    if (networkMs === 0) then();
    else clock.setTimer(networkMs, then);
  }

  function arrive(call: Call, endpoint: string): void {
    const model = modelAt(endpoint);
    if (call.over) return;
    if (model === undefined) {
      fail(call, refused, false);
      return;
    }
    call.forget = model.submit(call.work, {
      began: () => {
        after(() => {
          if (!call.over) call.listener.started(head);
        });
      },
      ended: () => {
        after(() => {
          finish(call);
        });
      },
    });
  }

  return {
    send({ endpoint, body }, listener) {
      const siblings = byEndpoint.get(endpoint) ?? new Set<Call>();
      byEndpoint.set(endpoint, siblings);
      const call: Call = { work: workOf(body), listener, siblings, over: false, forget: undefined };
      siblings.add(call);
      after(() => {
        arrive(call, endpoint);
      });
      return {
        cancel: () => {
          if (leave(call)) call.forget?.();
        },
        resume: () => undefined,
      };
    },
    breakOff(endpoint) {
      for (const call of byEndpoint.get(endpoint) ?? []) fail(call, broken, true);
      byEndpoint.delete(endpoint);
    },
    close: () => Promise.resolve(),
  };
}
