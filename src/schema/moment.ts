const written = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/**
 * A time as people write it after RFC 3339: `2026-11-20T10:00Z`, or a date alone. Milliseconds since the epoch;
 * undefined of anything else, of which `Date.parse` makes a time nobody meant ("release 2" is one of the year 2001).
 */
export function momentOf(text: string): number | undefined {
  const ms = written.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
