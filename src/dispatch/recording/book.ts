import type { RecordedInput } from '#schema';
import type { Clock } from '#contracts';

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
/** An input without the moment, which the book knows. */
export type Told = Without<RecordedInput, 'at' | 'during'>;

/** What dispatch does to the world: free in form, compared as text. */
export type Deed = Readonly<Record<string, unknown>> & { readonly do: string };

/** Writes down what comes to dispatch and what it does, in order, so that it can be told again. */
export interface Book {
  /** Monotonic; stands still from an input to the end of all that it causes, so that one moment says it all. */
  nowMs(): number;
  /** Writes an input down and lets it happen. */
  hear<T>(input: Told, then: () => T): T;
  /** Writes down what was asked of the world, with its answer. */
  told(value: unknown): void;
  /** Writes a deed down and lets it happen; what comes from outside meanwhile came because of it. */
  deed<T>(deed: Deed, then: () => T): T;
}

/** Microseconds are told apart. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

export function createBook(clock: Pick<Clock, 'monotonicMs'>, write: (line: string) => void): Book {
  let heldMs: number | undefined;
  let deeds = 0;
  let open = 0;
  const nowMs = (): number => heldMs ?? rounded(clock.monotonicMs());

  function note(input: Told): void {
    write(JSON.stringify({ ...input, at: nowMs(), during: open === 0 ? undefined : open }));
  }

  return {
    nowMs,
    hear(input, then) {
      if (heldMs !== undefined) {
        note(input);
        return then();
      }
      heldMs = nowMs();
      note(input);
      try {
        return then();
      } finally {
        heldMs = undefined;
      }
    },
    told(value) {
      write(JSON.stringify({ in: 'told', value, at: nowMs() }));
    },
    deed(deed, then) {
      write(JSON.stringify(deed));
      const outer = open;
      open = deeds += 1;
      try {
        return then();
      } finally {
        open = outer;
      }
    },
  };
}
