import type { Clock, Log, NodeSeen, Nodes } from '#contracts';
import type { Member } from './membership.ts';

export interface RosterDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
  readonly leaseMs: number;
}

export interface Roster extends Nodes {
  hear(members: readonly Member[]): void;
}

function nodeOf({ name, facts }: Member): NodeSeen | undefined {
  return facts?.node && { name, ...facts.node };
}

/** What a change of would make somebody look again. */
function inShort(nodes: readonly NodeSeen[]): string {
  return nodes.map(({ name, takes }) => `${name}${takes ? '' : ' (leaves)'}`).join(', ');
}

/**
 * The nodes of a platform as its members tell of them. Nobody is given up while we have not listened for a whole
 * lease without a gap: after the record was out of reach, it is not the nodes that were silent.
 */
export function createRoster({ clock, log, leaseMs }: RosterDeps): Roster {
  const listeners = new Set<() => void>();
  let names: ReadonlySet<string> = new Set();
  let nodes: readonly NodeSeen[] = [];
  let heardMs = -Infinity;
  let listeningSinceMs = Infinity;
  let before = '';
  let wasSettled = false;

  const isSettled = (): boolean => heardMs - listeningSinceMs > leaseMs;
  return {
    hear(members) {
      const nowMs = clock.monotonicMs();
      if (nowMs - heardMs > leaseMs / 2) listeningSinceMs = nowMs;
      heardMs = nowMs;
      names = new Set(members.map(({ name }) => name));
      nodes = members.flatMap((member) => nodeOf(member) ?? []);
      const now = inShort(nodes);
      if (now === before && isSettled() === wasSettled) return;
      if (now !== before) log.info('nodes-changed', { nodes: now });
      before = now;
      wasSettled = isSettled();
      for (const listener of listeners) listener();
    },
    seen: () => nodes,
    isGone: (name) => isSettled() && (name === undefined || !names.has(name)),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
