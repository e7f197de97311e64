/** Why requests were sent, kept waiting or refused, in the words of the policies' reasons; the last are dispatch's own. */
export const admissionReasons = [
  'has-room',
  'queued',
  'replicas-full',
  'waits-for-load',
  'waits-for-start',
  'queue-full',
  'over-limit',
  'shed-near-limit',
  'deadline-too-near',
  'scaled-to-zero',
  'restarts-too-late',
  'not-loaded-in-time',
  'not-ready-in-time',
  'pushed-out',
  'too-late-at-its-turn',
  'all-that-wait',
  'as-many-as-fit',
  'urgent-passed-over',
  'late-but-idle',
  'deadline-passed',
  'caller-left',
  'other',
] as const;

const indexOf: ReadonlyMap<string, number> = new Map(
  admissionReasons.map((reason, index) => [reason, index]),
);
const otherAt = admissionReasons.length - 1;

/** How often each reason decided, one cell each. */
export type Tally = Float64Array;

export function createTally(): Tally {
  return new Float64Array(admissionReasons.length);
}

export function count(tally: Tally, reason: string): void {
  const at = indexOf.get(reason) ?? otherAt;
  tally[at] = (tally[at] ?? 0) + 1;
}
