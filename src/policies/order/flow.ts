/** Whoever shares with others on one level: a tenant among tenants, or a key among the keys of its tenant. */
export interface Flow {
  readonly name: string;
  /** Its share beside the others: twice the weight, twice the work. */
  weight: number;
  /** Virtual time at which the first of what waits may start; where nothing waits, at which the last has finished. */
  tag: number;
  /** Place in the heap of its level; -1 while nothing of it waits. */
  at: number;
  /** Order among equal tags. */
  turn: number;
  /** Work that waits, and how many requests that is. */
  backlog: number;
  waiting: number;
  /** Sent and not yet over: what they really cost is still to be known. */
  sent: number;
}

export function createFlow(name: string): Flow {
  return { name, weight: 1, tag: 0, at: -1, turn: 0, backlog: 0, waiting: 0, sent: 0 };
}

function isBefore(a: Flow, b: Flow): boolean {
  return a.tag < b.tag || (a.tag === b.tag && a.turn < b.turn);
}

function put<F extends Flow>(heap: F[], flow: F, at: number): void {
  heap[at] = flow;
  flow.at = at;
}

function siftUp<F extends Flow>(heap: F[], flow: F): void {
  let { at } = flow;
  while (at > 0) {
    const parent = heap[(at - 1) >> 1];
    if (parent === undefined || !isBefore(flow, parent)) break;
    put(heap, parent, at);
    at = (at - 1) >> 1;
  }
  put(heap, flow, at);
}

function firstChild<F extends Flow>(heap: F[], at: number): F | undefined {
  const left = heap[2 * at + 1];
  const right = heap[2 * at + 2];
  return left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
}

function siftDown<F extends Flow>(heap: F[], flow: F): void {
  let { at } = flow;
  for (let child = firstChild(heap, at); child !== undefined; child = firstChild(heap, at)) {
    if (!isBefore(child, flow)) break;
    const from = child.at;
    put(heap, child, at);
    at = from;
  }
  put(heap, flow, at);
}

/** Puts a flow in, or back into its place after its tag has changed. */
export function settleInHeap<F extends Flow>(heap: F[], flow: F): void {
  if (flow.at === -1) {
    flow.at = heap.length;
    heap.push(flow);
  }
  siftUp(heap, flow);
  siftDown(heap, flow);
}

export function takeFromHeap<F extends Flow>(heap: F[], flow: F): void {
  const last = heap.pop();
  if (last !== undefined && last !== flow) {
    put(heap, last, flow.at);
    siftUp(heap, last);
    siftDown(heap, last);
  }
  flow.at = -1;
}
