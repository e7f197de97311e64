/** Something that happens at a moment. `callback` is taken away when it was cancelled. */
interface HeapEvent {
  readonly atMs: number;
  /** Ties are broken by the order in which events were made, so that a run can be told again. */
  readonly order: number;
  callback: (() => void) | undefined;
}

export interface EventHeap {
  push(atMs: number, callback: () => void): HeapEvent;
  cancel(event: HeapEvent): void;
  /** The earliest event that still matters. */
  peek(): HeapEvent | undefined;
  pop(): HeapEvent | undefined;
  /** Events that still matter. */
  size(): number;
}

function isEarlier(left: HeapEvent, right: HeapEvent): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

function siftUp(heap: HeapEvent[], from: number): void {
  const event = heap[from];
  if (event === undefined) return;
  let at = from;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isEarlier(event, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = event;
}

function siftDown(heap: HeapEvent[], from: number): void {
  const event = heap[from];
  if (event === undefined) return;
  let at = from;
  for (;;) {
    let below = 2 * at + 1;
    let child = heap[below];
    const right = heap[below + 1];
    if (child === undefined) break;
    if (right !== undefined && isEarlier(right, child)) [below, child] = [below + 1, right];
    if (!isEarlier(child, event)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = event;
}

function takeFirst(heap: HeapEvent[]): HeapEvent | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) {
    heap[0] = last;
    siftDown(heap, 0);
  }
  return first;
}

/** Below so many, cancelled events are left where they are. */
const compactFrom = 1024;

/**
 * A binary heap. Cancelling is O(1): the event stays and is skipped later; once most of the heap is such events they
 * are swept out, so that deadlines that were never reached do not pile up over a long run.
 */
export function createEventHeap(): EventHeap {
  let heap: HeapEvent[] = [];
  let order = 0;
  let cancelled = 0;

  function sweep(): void {
    heap = heap.filter((event) => event.callback !== undefined);
    for (let at = (heap.length >> 1) - 1; at >= 0; at--) siftDown(heap, at);
    cancelled = 0;
  }

  function skipCancelled(): HeapEvent | undefined {
    let first = heap[0];
    while (first !== undefined && first.callback === undefined) {
      takeFirst(heap);
      cancelled -= 1;
      first = heap[0];
    }
    return first;
  }

  return {
    push(atMs, callback) {
      const event = { atMs, order: (order += 1), callback };
      heap.push(event);
      siftUp(heap, heap.length - 1);
      return event;
    },
    cancel(event) {
      if (event.callback === undefined) return;
      event.callback = undefined;
      cancelled += 1;
      if (heap.length >= compactFrom && cancelled * 2 > heap.length) sweep();
    },
    peek: skipCancelled,
    pop() {
      skipCancelled();
      return takeFirst(heap);
    },
    size: () => heap.length - cancelled,
  };
}
