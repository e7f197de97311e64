import type { Task, TaskLane } from '#schema';
import { bandOf } from '../task-rules.ts';

interface Place {
  readonly id: string;
  readonly band: number;
  readonly rank: number;
}

function isBefore(one: Place, other: Place): boolean {
  if (one.band !== other.band) return one.band < other.band;
  if (one.rank !== other.rank) return one.rank < other.rank;
  return one.id < other.id;
}

function placeOf(task: Task): Place {
  return { id: task.id, band: bandOf(task), rank: task.rank };
}

/** Where a place is in a sorted list, or would be. */
function indexIn(places: readonly Place[], place: Place): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = places[middle];
    if (found !== undefined && isBefore(found, place)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface ReadyList {
  add(task: Task): void;
  remove(task: Task): void;
  has(task: Task): boolean;
  /** The ids of the first so many. */
  first(lane: TaskLane, count: number): readonly string[];
}

/** Tasks that may be claimed, in the order in which they should be. */
export function createReadyList(): ReadyList {
  const lanes: Readonly<Record<TaskLane, Place[]>> = {
    request: [],
    webhook: [],
    message: [],
    batch: [],
    file: [],
    mark: [],
  };
  function find(task: Task): { readonly places: Place[]; readonly at: number; readonly isThere: boolean } {
    const places = lanes[task.lane];
    const at = indexIn(places, placeOf(task));
    return { places, at, isThere: places[at]?.id === task.id };
  }
  return {
    add(task) {
      const { places, at, isThere } = find(task);
      if (!isThere) places.splice(at, 0, placeOf(task));
    },
    remove(task) {
      const { places, at, isThere } = find(task);
      if (isThere) places.splice(at, 1);
    },
    has: (task) => find(task).isThere,
    first: (lane, count) => lanes[lane].slice(0, count).map((place) => place.id),
  };
}
