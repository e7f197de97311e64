import type { IncomingMessage } from 'node:http';

const lookEachMs = 1000;

/** Node's own limit, which is the same for all requests of a server. */
export const requestMsMax = 24 * 3_600_000;

const unhurried = new WeakSet<IncomingMessage>();

/** From now on this body may take as long as it likes: whoever reads it sees to it that something comes. */
export function takeTime(request: IncomingMessage): void {
  unhurried.add(request);
}

export interface LateBodies {
  /** From now on it is seen to that its body comes in time. */
  watch(request: IncomingMessage): void;
  stop(): void;
}

/** Bodies that take too long, but for uploads. They are looked through once a second, which costs next to nothing. */
export function createLateBodies(limitMs: number, expire: (request: IncomingMessage) => void): LateBodies {
  const arrivedMs = new Map<IncomingMessage, number>();
  function look(): void {
    const nowMs = performance.now();
    for (const [request, sinceMs] of arrivedMs) {
      const isOver = request.complete || request.destroyed || unhurried.has(request);
      const isLate = !isOver && nowMs - sinceMs > limitMs;
      if (isOver || isLate) arrivedMs.delete(request);
      if (isLate) expire(request);
    }
  }
  const timer = setInterval(look, lookEachMs).unref();
  return {
    watch: (request) => void arrivedMs.set(request, performance.now()),
    stop() {
      clearInterval(timer);
      arrivedMs.clear();
    },
  };
}
