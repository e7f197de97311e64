import type { Clock, Fence, Peers, Presence } from '#contracts';

interface Office {
  readonly holder: string;
  readonly untilMs: number;
  readonly term: number;
}

/** Peers that share one memory: for tests and the simulator. */
export function createMemoryPeers(clock: Pick<Clock, 'nowMs'>): Peers & { isHeld(fence: Fence): boolean } {
  const members = new Map<string, Presence & { readonly untilMs: number }>();
  const offices = new Map<string, Office>();
  const agreed = new Map<string, string>();
  return {
    isHeld: ({ office, term }) => offices.get(office)?.term === term,
    async announce(presence, leaseMs) {
      const there = members.get(presence.name);
      const isFree = there === undefined || there.holder === presence.holder || there.untilMs < clock.nowMs();
      if (isFree) members.set(presence.name, { ...presence, untilMs: clock.nowMs() + leaseMs });
      return isFree;
    },
    async leave({ name, holder }) {
      if (members.get(name)?.holder === holder) members.delete(name);
    },
    async present() {
      const here = [...members.values()].filter(({ untilMs }) => untilMs >= clock.nowMs());
      return here
        .map(({ name, holder, facts }) => ({ name, holder, facts }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    },
    async claim({ office, holder, leaseMs }) {
      const held = offices.get(office);
      if (held !== undefined && held.holder !== holder && held.untilMs >= clock.nowMs()) return undefined;
      const term = (held?.term ?? 0) + (held?.holder === holder ? 0 : 1);
      offices.set(office, { holder, term, untilMs: clock.nowMs() + leaseMs });
      return { office, term };
    },
    async resign({ office, holder }) {
      const held = offices.get(office);
      if (held?.holder === holder) offices.set(office, { ...held, holder: '', untilMs: -Infinity });
    },
    nowMs: async () => clock.nowMs(),
    // Whoever shares a memory has heard of a commit when it is answered.
    catchUp: () => Promise.resolve(),
    async agree(name, offered) {
      const value = agreed.get(name) ?? offered;
      agreed.set(name, value);
      return value;
    },
  };
}
