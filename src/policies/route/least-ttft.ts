import type { Policy, Reason } from '../policy.ts';
import { createAssignment, type Assignment } from './assignment.ts';
import type { PrefixIndex } from './prefix-index.ts';

/** A replica as far as a choice is concerned. */
export interface RouteReplica {
  /** Its number in `prefixes`; also what ties are broken by. */
  readonly number: number;
  /** Until it can begin something new: 0 when it can now, Infinity when it takes nothing. */
  readonly freeInSeconds: number;
  /** Of one token of input. */
  readonly secondsPerToken: number;
  /** What a request costs here whatever its input is: its fixed part, and what running answers slow it down. */
  readonly fixedSeconds: number;
}

/** A request that waits. */
export interface RouteRequest {
  /** The same for requests that belong together, such as those of a session: ties are broken by it. */
  readonly seed: number;
  readonly inputTokens: number;
  /** Hashes of the whole blocks of its prompt, see `hashPrefixBlocks`; empty where prefixes do not matter. */
  readonly prefix: Uint32Array;
  readonly tokensPerBlock: number;
  readonly waitedSeconds: number;
}

export interface LeastTtftInput {
  /** Those that may be next, in the order in which fairness would have them; what is beyond `window` is not looked at. */
  readonly requests: readonly RouteRequest[];
  /** One that must not be asked has `freeInSeconds` Infinity. */
  readonly replicas: readonly RouteReplica[];
  /** What the replicas' prefix caches hold; undefined where that does not matter. */
  readonly prefixes: PrefixIndex | undefined;
}

/** What became of each request. */
export interface LeastTtftDecision {
  /** The replica to send the request to now; -1 where it does better to wait. Overwritten by the next decision. */
  readonly replicaOf: Int32Array;
  /** For those that wait: until their replica should be free. Infinity where none is in sight. */
  readonly holdSeconds: Float64Array;
}

/** Room for the computation. It carries nothing from one decision to the next. */
export interface LeastTtftMemory {
  replicasMax: number;
  /** Requests looked at. */
  rows: number;
  assignment: Assignment;
  freeIn: Float64Array;
  perToken: Float64Array;
  fixed: Float64Array;
  seeds: Int32Array;
  numbers: Int32Array;
  /** Blocks that replicas hold of the request looked at, by their numbers. */
  held: Int32Array;
  /** Row by row: seconds the replica would work until the request's first token. */
  work: Float64Array;
  /** Of each row. */
  least: Float64Array;
  /** Which request each row is, of those that are not overdue. */
  open: Int32Array;
  /** The request that begins first at each replica; -1 for none. */
  first: Int32Array;
  decision: { replicaOf: Int32Array; holdSeconds: Float64Array };
}

/** Requests looked at together. More gain little and cost time. */
const window = 12;
/** A request may be overtaken until it has waited this many times its own work; then it goes before all others. */
const overdueFactor = 8;
/** Ties, so little that no measurable difference is overruled: who came first goes first, then rendezvous. */
const tieSeconds = 1e-9;

const assigned: Reason = { code: 'least-ttft' };
const kept: Reason = { code: 'held-for-a-better-replica' };
const full: Reason = { code: 'all-replicas-full' };
const empty: Reason = { code: 'no-ready-replica' };
const idle: Reason = { code: 'nothing-waits' };

function createMemory(replicasMax: number): LeastTtftMemory {
  return {
    replicasMax,
    rows: 0,
    assignment: createAssignment(window, replicasMax),
    freeIn: new Float64Array(replicasMax),
    perToken: new Float64Array(replicasMax),
    fixed: new Float64Array(replicasMax),
    seeds: new Int32Array(replicasMax),
    numbers: new Int32Array(replicasMax),
    held: new Int32Array(replicasMax),
    work: new Float64Array(window * replicasMax),
    least: new Float64Array(window),
    open: new Int32Array(window),
    first: new Int32Array(replicasMax),
    decision: { replicaOf: new Int32Array(window), holdSeconds: new Float64Array(window) },
  };
}

function mix(seed: number): number {
  const mixed = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/** Rendezvous hashing of two mixed seeds: which replica a request prefers among equals, in [0, 1). */
function rendezvous(request: number, replica: number): number {
  const mixed = Math.imul(request ^ replica, 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x100000000;
}

/** What the request costs at each replica: a row of `work`. */
function fillRow(
  memory: LeastTtftMemory,
  { replicas, prefixes }: LeastTtftInput,
  request: RouteRequest,
): void {
  const { held, work, perToken, fixed, numbers, seeds, rows } = memory;
  const { prefix, inputTokens, tokensPerBlock } = request;
  const seed = mix(request.seed);
  const from = rows * replicas.length;
  if (prefixes === undefined || prefix.length === 0) held.fill(0);
  else prefixes.match(prefix, held);
  let least = Infinity;
  for (let at = 0; at < replicas.length; at++) {
    const heldTokens = (held[numbers[at] ?? 0] ?? 0) * tokensPerBlock;
    const uncached = Math.max(0, inputTokens - heldTokens);
    const seconds = uncached * (perToken[at] ?? 0) + (fixed[at] ?? 0);
    if (seconds < least) least = seconds;
    work[from + at] = seconds + tieSeconds * (2 * rows + rendezvous(seed, seeds[at] ?? 0));
  }
  memory.least[rows] = least;
}

function fill(memory: LeastTtftMemory, input: LeastTtftInput): void {
  const { freeIn, perToken, fixed, numbers, seeds } = memory;
  if (input.prefixes !== undefined && memory.held.length < input.prefixes.replicasMax)
    memory.held = new Int32Array(input.prefixes.replicasMax);
  for (const [at, replica] of input.replicas.entries()) {
    freeIn[at] = replica.freeInSeconds;
    perToken[at] = replica.secondsPerToken;
    fixed[at] = replica.fixedSeconds;
    numbers[at] = replica.number;
    seeds[at] = mix(replica.number + 1);
  }
  memory.rows = 0;
  for (const request of input.requests) {
    if (memory.rows === window) break;
    fillRow(memory, input, request);
    memory.rows += 1;
  }
}

/** The replica at which a request would have its first token soonest if it were the next one there; -1 for none. */
function soonest({ freeIn, work }: LeastTtftMemory, row: number, replicas: number): number {
  let best = -1;
  let bestSeconds = Infinity;
  for (let at = 0; at < replicas; at++) {
    const seconds = (freeIn[at] ?? Infinity) + (work[row * replicas + at] ?? Infinity);
    if (seconds < bestSeconds) {
      bestSeconds = seconds;
      best = at;
    }
  }
  return best;
}

/** Gives a request its replica: at once where that is free, otherwise it keeps its place in the line there. */
function reserve(memory: LeastTtftMemory, row: number, replicas: number): void {
  const { freeIn, work, decision } = memory;
  const at = soonest(memory, row, replicas);
  const untilFree = at === -1 ? Infinity : (freeIn[at] ?? Infinity);
  decision.replicaOf[row] = untilFree === 0 ? at : -1;
  decision.holdSeconds[row] = untilFree;
  if (at !== -1) freeIn[at] = untilFree + (work[row * replicas + at] ?? 0);
}

/** Those that have waited long enough go first, in their order; the others are left to be matched. Gives their number. */
function serveOverdue(memory: LeastTtftMemory, { requests, replicas }: LeastTtftInput): number {
  const { rows, least, open } = memory;
  let left = 0;
  for (let row = 0; row < rows; row++) {
    const waited = requests[row]?.waitedSeconds ?? 0;
    if (rows === 1 || waited > overdueFactor * (least[row] ?? 0)) reserve(memory, row, replicas.length);
    else open[left++] = row;
  }
  return left;
}

/** The rows that are left move together, in place. */
function closeUp({ work, open }: LeastTtftMemory, left: number, replicas: number): void {
  for (let to = 0; to < left; to++) {
    const from = open[to] ?? 0;
    if (from !== to) work.copyWithin(to * replicas, from * replicas, (from + 1) * replicas);
  }
}

/** Of what is matched to one replica the shortest begins. */
function findFirst({ assignment, work, first }: LeastTtftMemory, left: number, replicas: number): void {
  const workOf = (row: number, at: number): number => work[row * replicas + at] ?? Infinity;
  first.fill(-1, 0, replicas);
  for (let row = 0; row < left; row++) {
    const at = assignment.replicaOf[row] ?? -1;
    if (at === -1) continue;
    const other = first[at] ?? -1;
    if (other === -1 || workOf(row, at) < workOf(other, at)) first[at] = row;
  }
}

/** The first at each free replica go; the others, and those whose replica is busy, wait. */
function matchOpen(memory: LeastTtftMemory, left: number, replicas: number): void {
  const { assignment, freeIn, work, first, decision, open } = memory;
  closeUp(memory, left, replicas);
  assignment.solve({ requests: left, replicas, freeIn, work });
  findFirst(memory, left, replicas);
  for (let row = 0; row < left; row++) {
    const at = assignment.replicaOf[row] ?? -1;
    const request = open[row] ?? 0;
    const untilFree = freeIn[at] ?? Infinity;
    decision.replicaOf[request] = untilFree === 0 && first[at] === row ? at : -1;
    decision.holdSeconds[request] = untilFree;
  }
}

function explain({ requests, replicas }: LeastTtftInput, { decision, rows }: LeastTtftMemory): Reason {
  if (requests.length === 0) return idle;
  if (replicas.length === 0) return empty;
  for (let row = 0; row < rows; row++) if ((decision.replicaOf[row] ?? -1) >= 0) return assigned;
  return replicas.some((replica) => replica.freeInSeconds !== Infinity) ? kept : full;
}

/**
 * Sends each request where its first token comes soonest: `queue seconds + uncached tokens × seconds per token + fixed
 * seconds`, for all that wait together, so that the sum over them is least (see `assignment.ts`). A request may do
 * better to wait for the replica that holds its prefix than to begin now elsewhere; nothing is bound to a busy replica
 * before that is free. Alone it goes to the least of the sums. Without prefixes this is weighted least work.
 *
 * There are no weights to tune: rates come from the service curve. Short requests overtake long ones, each of which is
 * overtaken only until it has waited eight times its own work.
 */
export const leastTtft: Policy<LeastTtftInput, LeastTtftMemory, LeastTtftDecision> = {
  name: 'least-ttft',
  begin: () => createMemory(8),
  decide(input, given) {
    const count = input.replicas.length;
    const memory = count <= given.replicasMax ? given : createMemory(Math.max(count, given.replicasMax * 2));
    fill(memory, input);
    memory.decision.replicaOf.fill(-1);
    memory.decision.holdSeconds.fill(Infinity);
    const left = serveOverdue(memory, input);
    if (left > 0) matchOpen(memory, left, count);
    return { decision: memory.decision, memory, reason: explain(input, memory) };
  },
};
