import { presenceFacts, problem, problemOf, type PresenceFacts, type Problem } from '#schema';
import type { Clock, Log, Peers, Presence } from '#contracts';
import { withDeadline } from '../deadline.ts';

/** Somebody that is there; without facts where another version of the platform speaks. */
export interface Member {
  readonly name: string;
  readonly facts: PresenceFacts | undefined;
}

export interface MembershipDeps {
  readonly peers: Peers;
  readonly clock: Clock;
  readonly log: Log;
  readonly self: Pick<Presence, 'name' | 'holder'>;
  readonly leaseMs: number;
  readonly facts: () => PresenceFacts;
  /** Hears again and again who is there. */
  readonly heard: (members: readonly Member[]) => void;
}

export interface Membership {
  /** How often one tells and hears. */
  readonly everyMs: number;
  /** Resolves with why one cannot take part, if so; from then on others know of this process. */
  start(): Promise<Problem | undefined>;
  /** There is news: tell it now. */
  hurry(): void;
  stop(): Promise<void>;
}

const everyMaxMs = 1000;
const roundsPerLease = 4;

function memberOf({ name, facts }: Presence): Member {
  try {
    const content: unknown = JSON.parse(facts);
    return { name, facts: presenceFacts.safeParse(content).data };
  } catch {
    return { name, facts: undefined };
  }
}

function taken(name: string): Problem {
  return problem(
    'already_running',
    `Another process takes part as "${name}". Stop it first, or choose another name (\`cluster.node\`).`,
    { param: 'cluster.node' },
  );
}

/** Takes part: tells of this process and hears of the others, about once a second, for as long as it runs. */
export function createMembership(deps: MembershipDeps): Membership {
  const { peers, clock, log, self, leaseMs, heard } = deps;
  const everyMs = Math.min(everyMaxMs, leaseMs / roundsPerLease);
  const abort = new AbortController();
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let again = false;

  async function round(): Promise<boolean> {
    const facts = JSON.stringify(deps.facts());
    const asked = { timeoutMs: leaseMs, signal: abort.signal, what: 'Telling of this process' };
    const isMine = await withDeadline(clock, asked, () => peers.announce({ ...self, facts }, leaseMs));
    const present = await withDeadline(clock, asked, () => peers.present());
    if (!abort.signal.aborted) heard(present.map(memberOf));
    return isMine;
  }

  async function tellOn(): Promise<void> {
    again = false;
    try {
      if (!(await round())) log.error('name-taken', { name: self.name });
    } catch (fault) {
      if (!abort.signal.aborted) log.warn('peers-unreachable', { message: problemOf(fault).message });
    }
    running = undefined;
    if (!abort.signal.aborted) arm(again ? 0 : everyMs);
  }

  function arm(delayMs: number): void {
    cancel?.();
    cancel = clock.setTimer(delayMs, () => {
      running = tellOn();
    });
  }

  return {
    everyMs,
    async start() {
      if (!(await round())) return taken(self.name);
      arm(everyMs);
      return undefined;
    },
    hurry() {
      again = true;
      if (running === undefined && !abort.signal.aborted) arm(0);
    },
    async stop() {
      abort.abort();
      cancel?.();
      await running;
      await peers.leave(self).catch(() => undefined);
    },
  };
}
