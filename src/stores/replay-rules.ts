import type { Problem } from '#schema';
import { problem } from '#schema';

interface History {
  /** The oldest version whose change is still kept; one more than `newest` when none is. */
  readonly oldest: number;
  readonly newest: number;
}

type Replay =
  /** Every kept change after this version has to be told first. */
  { readonly ok: true; readonly after: number } | { readonly ok: false; readonly problem: Problem };

/**
 * Where a watch begins. A version that this store never had is answered like a forgotten one: the watcher speaks
 * of another store (an older backup, a memory store that began anew), and listing again is the remedy for both.
 */
export function decideReplay(sinceVersion: string, history: History): Replay {
  if (sinceVersion === '') return { ok: true, after: history.newest };
  const after = /^\d{1,15}$/.test(sinceVersion) ? Number(sinceVersion) : Number.NaN;
  if (after >= history.oldest - 1 && after <= history.newest) return { ok: true, after };
  const reach = `The change history reaches from version ${history.oldest - 1} to ${history.newest}`;
  return {
    ok: false,
    problem: problem('version_expired', `${reach}, not to ${sinceVersion}. List again and watch from there.`),
  };
}
