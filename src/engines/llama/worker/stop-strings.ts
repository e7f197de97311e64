/** What may be passed on after a piece of text, and the stop string that ended it. */
interface Scanned {
  readonly text: string;
  readonly stoppedBy: string | undefined;
}

/** Looks for stop strings in a text that comes in pieces. */
export interface StopScanner {
  /** Holds back exactly what may still become a stop string. After `stoppedBy` nothing more may come. */
  readonly push: (piece: string) => Scanned;
  /** What was held back, once the text has ended without a stop string. */
  readonly rest: () => string;
}

export function createStopScanner(stops: readonly string[]): StopScanner {
  if (stops.length === 0) return { push: (text) => ({ text, stoppedBy: undefined }), rest: () => '' };
  let held = '';
  return {
    push: (piece) => {
      held += piece;
      const stop = firstStop(held, stops);
      if (stop !== undefined) {
        const text = held.slice(0, stop.from);
        held = '';
        return { text, stoppedBy: stop.by };
      }
      const from = held.length - heldLength(held, stops);
      const text = held.slice(0, from);
      held = held.slice(from);
      return { text, stoppedBy: undefined };
    },
    rest: () => held,
  };
}

interface FoundStop {
  readonly from: number;
  readonly by: string;
}

/**
 * Where the stop begins that is complete first; among those the longest. By completion, not by beginning: the answer
 * is then the same however the text is cut into pieces.
 */
function firstStop(text: string, stops: readonly string[]): FoundStop | undefined {
  let found: FoundStop | undefined;
  let end = Infinity;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at === -1 || at + stop.length > end) continue;
    if (found !== undefined && at + stop.length === end && at > found.from) continue;
    found = { from: at, by: stop };
    end = at + stop.length;
  }
  return found;
}

/** The longest end of `text` that begins one of the stops. */
function heldLength(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length -= 1) {
      if (stop.startsWith(text.slice(text.length - length))) longest = length;
    }
  }
  return longest;
}
