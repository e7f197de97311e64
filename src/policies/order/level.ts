import { settleInHeap, takeFromHeap, type Flow } from './flow.ts';

/** Flows that share: the tenants of a band, or the keys of a tenant. */
export interface Level<F extends Flow> {
  /** Virtual time: the start tag of what was sent last. Never falls. */
  now: number;
  /** Flows of which something waits, by tag. */
  readonly heap: F[];
  /** Every flow that is remembered, by name. */
  readonly flows: Map<string, F>;
  turns: number;
  /** When so many flows are remembered, they are looked through for forgetting. */
  sweepAt: number;
  /** Of the flows in the heap: summed weight. */
  weight: number;
  backlog: number;
  waiting: number;
}

export function createLevel<F extends Flow>(): Level<F> {
  return {
    now: 0,
    heap: [],
    flows: new Map(),
    turns: 0,
    sweepAt: sweepMin,
    weight: 0,
    backlog: 0,
    waiting: 0,
  };
}

const sweepMin = 64;
/** More than this are never remembered: what those of which nothing waits are owed or owe is then dropped. */
const flowsMax = 16_384;

/**
 * A flow of which nothing waits and whose tag the virtual time has passed is as good as new: it would be lifted to
 * the virtual time anyway. What is sent keeps its flow, so that its true cost finds it. The next look is due when
 * twice as many are remembered: O(1) for each flow that came.
 */
function forgetIdle<F extends Flow>(level: Level<F>): void {
  const { flows } = level;
  for (const [name, flow] of flows) {
    const isIdle = flow.at === -1 && flow.sent === 0;
    if (isIdle && (flow.tag <= level.now || flows.size > flowsMax)) flows.delete(name);
  }
  level.sweepAt = sweepMin + 2 * flows.size;
}

export function flowOf<F extends Flow>(level: Level<F>, name: string, create: (name: string) => F): F {
  let flow = level.flows.get(name);
  if (flow === undefined) {
    if (level.flows.size >= level.sweepAt) forgetIdle(level);
    flow = create(name);
    level.flows.set(name, flow);
  }
  return flow;
}

/** Nothing waits and nothing is under way: everybody starts from the same line again. */
export function startOver<F extends Flow>(level: Level<F>): void {
  if (level.flows.size > 0) level.flows.clear();
}

function place<F extends Flow>(level: Level<F>, flow: F): void {
  flow.turn = level.turns += 1;
  settleInHeap(level.heap, flow);
}

export function setWeight<F extends Flow>(level: Level<F>, flow: F, weight: number): void {
  if (flow.at !== -1) level.weight += weight - flow.weight;
  flow.weight = weight;
}

/** Work of a flow begins to wait. One that comes back is lifted to the virtual time: what it did not use is gone. */
export function addWork<F extends Flow>(level: Level<F>, flow: F, cost: number): void {
  flow.backlog += cost;
  flow.waiting += 1;
  level.backlog += cost;
  level.waiting += 1;
  if (flow.at !== -1) return;
  flow.tag = Math.max(flow.tag, level.now);
  level.weight += flow.weight;
  place(level, flow);
}

/** Work of a flow waits no longer. */
export function removeWork<F extends Flow>(level: Level<F>, flow: F, cost: number): void {
  flow.waiting -= 1;
  flow.backlog = flow.waiting === 0 ? 0 : flow.backlog - cost;
  level.waiting -= 1;
  level.backlog = level.waiting === 0 ? 0 : level.backlog - cost;
  if (flow.waiting > 0) return;
  level.weight = level.waiting === 0 ? 0 : level.weight - flow.weight;
  takeFromHeap(level.heap, flow);
}

/** Charges a flow for what is sent of it now; the virtual time moves to its start tag. `removeWork` comes first. */
export function charge<F extends Flow>(level: Level<F>, flow: F, cost: number): void {
  level.now = Math.max(level.now, flow.tag);
  flow.tag += cost / flow.weight;
  flow.sent += 1;
  if (flow.at !== -1) place(level, flow);
}

/** What was sent is over: it cost so much more than it was charged for, or less where negative. */
export function correct<F extends Flow>(level: Level<F>, flow: F, difference: number): void {
  flow.tag += difference / flow.weight;
  flow.sent -= 1;
  if (flow.at !== -1) settleInHeap(level.heap, flow);
}

/** Among equal tags it goes first: what waits of it now has been sent in vain already. */
export function goFirst<F extends Flow>(level: Level<F>, flow: F): void {
  flow.turn = 0;
  settleInHeap(level.heap, flow);
}

/**
 * Work that goes before what a flow adds now: its own backlog and what the others get meanwhile, which is their
 * share and at most one request each more; never more than all that waits.
 */
export function workAhead<F extends Flow>(
  level: Level<F>,
  flow: Pick<F, 'weight' | 'at'> | undefined,
  ownBacklog: number,
): number {
  if (level.waiting === 0) return 0;
  const weight = flow?.weight ?? 1;
  const isActive = flow !== undefined && flow.at !== -1;
  const others = level.heap.length - (isActive ? 1 : 0);
  const shares = (level.weight + (isActive ? 0 : weight)) / weight;
  const meanCost = level.backlog / level.waiting;
  return Math.min(level.backlog, ownBacklog * shares + others * meanCost);
}
