import type { CallInFlight, OutboundCall, ReplyListener } from '#contracts';
import { problem } from '#schema';
import { Wire, type Target, type WireOwner } from './wire.ts';

/** The connections to one replica: as many as there are calls at once, which dispatch bounds. */
export interface PlainPool {
  send(call: OutboundCall, listener: ReplyListener): CallInFlight;
  /** Closes what was idle for too long; true when nothing is left. */
  sweep(): boolean;
  close(): void;
}

/** What a header's value may hold: anything else would let one header become two. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

function headOf(call: OutboundCall, { host, basePath }: Target): string | undefined {
  let head = `${call.method} ${basePath}${call.path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (let at = 0; at + 1 < call.headers.length; at += 2) {
    const value = call.headers[at + 1] ?? '';
    if (!headerValue.test(value)) return undefined;
    head += `${call.headers[at]}: ${value}\r\n`;
  }
  return call.body === undefined ? `${head}\r\n` : `${head}content-length: ${call.body.length}\r\n\r\n`;
}

const unsendable = problem('internal', 'A header for the replica holds characters that headers cannot hold.');

const unsent: CallInFlight = { cancel: () => undefined, resume: () => undefined };

/** Wires that wait for a call. The one used last is taken first, so that those that are too many grow old. */
function createRack(nowMs: () => number) {
  const idle: Wire[] = [];
  return {
    put: (wire: Wire) => idle.push(wire),
    take(): Wire | undefined {
      const now = nowMs();
      for (let wire = idle.pop(); wire !== undefined; wire = idle.pop()) {
        if (wire.isUsable && wire.idleUntilMs > now) return wire;
        wire.destroy();
      }
      return undefined;
    },
    remove(wire: Wire): void {
      const at = idle.indexOf(wire);
      if (at !== -1) idle.splice(at, 1);
    },
    sweep(): void {
      const now = nowMs();
      for (const wire of idle.filter(({ idleUntilMs }) => idleUntilMs <= now)) wire.destroy();
    },
  };
}

export function createPlainPool(target: Target, nowMs: () => number): PlainPool {
  const rack = createRack(nowMs);
  const all = new Set<Wire>();
  const owner: WireOwner = {
    target,
    nowMs,
    session: undefined,
    freed: rack.put,
    lost(wire) {
      all.delete(wire);
      rack.remove(wire);
    },
  };

  function open(): Wire {
    const wire = new Wire(owner);
    all.add(wire);
    return wire;
  }

  return {
    send(call, listener) {
      const head = headOf(call, target);
      if (head === undefined) {
        listener.failed(unsendable, false);
        return unsent;
      }
      const wire = rack.take() ?? open();
      wire.send(head, call.body, listener);
      return {
        cancel: () => {
          wire.cancel(listener);
        },
        resume: () => {
          wire.resume(listener);
        },
      };
    },
    sweep() {
      rack.sweep();
      return all.size === 0;
    },
    close() {
      for (const wire of all) wire.destroy();
    },
  };
}
