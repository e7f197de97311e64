/** One process of a platform, as it tells of itself. */
export interface Presence {
  /** Of the node; nobody else goes under it while this one is heard of. */
  readonly name: string;
  /** Tells this home from every other that might take the same name. */
  readonly holder: string;
  /** What there is to know of it, as JSON. */
  readonly facts: string;
}

/** The right to write in somebody's office: refused once somebody else holds it. */
export interface Fence {
  readonly office: string;
  /** Rises each time the office changes hands. */
  readonly term: number;
}

export interface Claim {
  readonly office: string;
  readonly holder: string;
  /** Whoever is not heard of for so long loses it. */
  readonly leaseMs: number;
}

/**
 * How the processes of one platform know of each other and agree: who is there, who holds an office. Time is that of
 * whoever keeps the record, never of the processes.
 */
export interface Peers {
  /** Tells that one is there for another while. False: somebody else goes under this name. */
  announce(presence: Presence, leaseMs: number): Promise<boolean>;
  /** Takes oneself off the list. */
  leave(presence: Pick<Presence, 'name' | 'holder'>): Promise<void>;
  /** Everybody whose time has not run out, ordered by name. */
  present(): Promise<readonly Presence[]>;
  /** Takes an office that is free, or keeps it for another while. Undefined: somebody else holds it. */
  claim(claim: Claim): Promise<Fence | undefined>;
  /** Gives an office back, so that nobody need wait for the lease. */
  resign(claim: Pick<Claim, 'office' | 'holder'>): Promise<void>;
  /** The time by which all go; milliseconds since the epoch. */
  nowMs(): Promise<number>;
  /** The value that all agree on: the first that was offered. */
  agree(name: string, offered: string): Promise<string>;
  /** Resolves when watchers here have been told of everything that anybody had committed by the time it was asked. */
  catchUp(): Promise<void>;
}
