const units = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** `30d`, `12h`, `90m`, `45s` in milliseconds; undefined for anything else. */
export function durationMsOf(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const unitMs = units.get(unit ?? '');
  return count === undefined || unitMs === undefined ? undefined : Number(count) * unitMs;
}
