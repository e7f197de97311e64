import { problemOf } from '#schema';
import type { Clock, Fence, Log, Peers } from '#contracts';
import { withDeadline } from '../deadline.ts';
import { pause } from '../pause.ts';

export interface ElectionDeps {
  readonly peers: Peers;
  readonly clock: Clock;
  readonly log: Log;
  readonly office: string;
  /** Tells this process from all others, its own earlier lives included. */
  readonly holder: string;
  readonly leaseMs: number;
  /** Begins to lead; answers how to end it. What it writes has to carry the fence. */
  readonly lead: (fence: Fence) => Promise<() => Promise<void>>;
}

export interface Election {
  start(): void;
  /** Leads no more, and lets another take over at once. */
  stop(): Promise<void>;
}

interface Reign {
  readonly term: number;
  readonly end: () => Promise<void>;
}

/** Rounds within a lease: one may fail and nothing is lost. */
const roundsPerLease = 3;

/**
 * One of several processes leads. It keeps the office by claiming it again and again; who cannot reach the record for
 * a lease stops by itself. What protects the store from one that does not know yet is the fence, not this.
 */
export function createElection({ peers, clock, log, lead, ...claim }: ElectionDeps): Election {
  const { office, leaseMs } = claim;
  const abort = new AbortController();
  let reign: Reign | undefined;
  let heldMs = 0;
  let running = Promise.resolve();

  async function end(why: string): Promise<void> {
    if (reign === undefined) return;
    const { term, end: endReign } = reign;
    reign = undefined;
    log.warn('office-left', { office, term, why });
    await endReign();
  }

  async function begin(fence: Fence): Promise<void> {
    log.info('office-taken', { office, term: fence.term });
    reign = { term: fence.term, end: await lead(fence) };
  }

  async function round(): Promise<void> {
    const asked = { timeoutMs: leaseMs / roundsPerLease, signal: abort.signal, what: 'The election' };
    const fence = await withDeadline(clock, asked, () => peers.claim(claim));
    if (reign !== undefined && reign.term !== fence?.term) await end('somebody else took it');
    if (fence === undefined) return;
    heldMs = clock.monotonicMs();
    if (reign === undefined && !abort.signal.aborted) await begin(fence);
  }

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      try {
        await round();
      } catch (fault) {
        log.warn('election-failed', { office, message: problemOf(fault).message });
        if (clock.monotonicMs() - heldMs >= leaseMs) await end('its record cannot be reached');
      }
      await pause(clock, leaseMs / roundsPerLease, abort.signal);
    }
  }

  return {
    start() {
      running = run();
    },
    async stop() {
      abort.abort();
      await running;
      await end('this process stops');
      await peers.resign(claim).catch(() => undefined);
    },
  };
}
