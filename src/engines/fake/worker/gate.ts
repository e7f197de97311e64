/** Lets so many in at once; the others wait in order, and only so many of them. */
export interface Gate {
  /** `entered`: call `leave` afterwards. `left`: the signal fired while waiting. */
  enter(signal: AbortSignal): Promise<'entered' | 'full' | 'left'>;
  leave(): void;
  readonly active: number;
  readonly queued: number;
}

export interface GateSize {
  readonly concurrency: number;
  readonly queueDepthMax: number;
}

export function createGate({ concurrency, queueDepthMax }: GateSize): Gate {
  let active = 0;
  const waiting = new Set<() => void>();
  const wait = (signal: AbortSignal): Promise<'entered' | 'left'> =>
    new Promise((resolve) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve('entered');
      };
      const leave = (): void => {
        waiting.delete(enter);
        resolve('left');
      };
      waiting.add(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  return {
    enter: async (signal) => {
      if (signal.aborted) return 'left';
      if (active >= concurrency) return waiting.size < queueDepthMax ? wait(signal) : 'full';
      active += 1;
      return 'entered';
    },
    leave: () => {
      const [next] = waiting;
      if (next === undefined) {
        active -= 1;
        return;
      }
      // The place passes from hand to hand: nobody can slip in between.
      waiting.delete(next);
      next();
    },
    get active() {
      return active;
    },
    get queued() {
      return waiting.size;
    },
  };
}
