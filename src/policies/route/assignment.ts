/**
 * Which request goes to which replica, and in which order there, so that the sum of all times until a first token is
 * least. Scheduling unrelated machines for the least sum of completion times is an assignment problem (Horn 1973;
 * Bruno, Coffman, Sethi 1974): a request that is q-th from the end of its replica's queue makes itself and the q-1
 * behind it wait for its work, so it costs `freeIn + q·work` there. Solved exactly, row by row along shortest
 * augmenting paths (Jonker, Volgenant 1987).
 *
 * A place q + 1 at a replica is never better than place q, so its column comes into being when q is taken: there are
 * `replicas + requests` columns at most. All arrays are kept between calls; a call allocates nothing.
 */
export interface Assignment {
  /** For `requests` rows of the last `solve`: the replica, or -1 where none can take it. */
  readonly replicaOf: Int32Array;
  solve(problem: AssignmentProblem): void;
}

interface AssignmentProblem {
  readonly requests: number;
  readonly replicas: number;
  /** Seconds until each replica can begin something; Infinity where it takes nothing. */
  readonly freeIn: Float64Array;
  /** Seconds of work, row by row: `request * replicas + replica`. Infinity where the pair is out of the question. */
  readonly work: Float64Array;
}

/** Column 0 is where a row's search begins; the others are places at replicas. */
interface Columns {
  count: number;
  readonly replica: Int32Array;
  /** From the end of the replica's queue, 1 is last. */
  readonly place: Int32Array;
  /** The row, counted from 1, that holds the column; 0 for none. */
  readonly row: Int32Array;
  readonly price: Float64Array;
  /** How far the column is from the search's beginning, in seconds. */
  readonly distance: Float64Array;
  readonly reachedFrom: Int32Array;
  readonly reached: Uint8Array;
}

interface Table {
  given: AssignmentProblem;
  readonly columns: Columns;
  /** Of rows counted from 1. */
  readonly rowPrice: Float64Array;
}

function createColumns(max: number): Columns {
  return {
    count: 0,
    replica: new Int32Array(max),
    place: new Int32Array(max),
    row: new Int32Array(max),
    price: new Float64Array(max),
    distance: new Float64Array(max),
    reachedFrom: new Int32Array(max),
    reached: new Uint8Array(max),
  };
}

function addColumn(columns: Columns, replica: number, place: number): void {
  const at = (columns.count += 1);
  columns.replica[at] = replica;
  columns.place[at] = place;
  columns.row[at] = 0;
  columns.price[at] = 0;
}

function costOf({ columns, given }: Table, row: number, at: number): number {
  const where = columns.replica[at] ?? 0;
  const work = given.work[(row - 1) * given.replicas + where] ?? 0;
  return (given.freeIn[where] ?? 0) + work * (columns.place[at] ?? 0);
}

/** Looks from a reached column at all others and gives the one that is nearest to the search's beginning. */
function lookFrom(table: Table, from: number): number {
  const { columns, rowPrice } = table;
  const { price, distance, reachedFrom, reached, count } = columns;
  const row = columns.row[from] ?? 0;
  const sofar = (distance[from] ?? 0) - (rowPrice[row] ?? 0);
  let nearest = 0;
  let least = Infinity;
  for (let at = 1; at <= count; at++) {
    if (reached[at] === 1) continue;
    const through = sofar + costOf(table, row, at) - (price[at] ?? 0);
    let best = distance[at] ?? 0;
    if (through < best) {
      distance[at] = best = through;
      reachedFrom[at] = from;
    }
    if (best < least) {
      least = best;
      nearest = at;
    }
  }
  return nearest;
}

/** What was nearer than the end becomes dearer by the difference, so that no search need ever look back. */
function raisePrices({ columns, rowPrice }: Table, end: number): void {
  const { price, distance, reached, row, count } = columns;
  const length = distance[end] ?? 0;
  for (let at = 0; at <= count; at++) {
    if (reached[at] !== 1) continue;
    const nearer = length - (distance[at] ?? 0);
    const held = row[at] ?? 0;
    rowPrice[held] = (rowPrice[held] ?? 0) + nearer;
    price[at] = (price[at] ?? 0) - nearer;
  }
}

/** Hands the columns on along the path that was found, so that `row` has one and nobody lost his. */
function passAlong(columns: Columns, end: number): void {
  for (let at = end; at !== 0;) {
    const before = columns.reachedFrom[at] ?? 0;
    columns.row[at] = columns.row[before] ?? 0;
    at = before;
  }
}

/** Finds a column for one more row; false when none can take it. */
function placeRow(table: Table, row: number): boolean {
  const { columns } = table;
  columns.distance.fill(Infinity, 0, columns.count + 1);
  columns.reached.fill(0, 0, columns.count + 1);
  columns.row[0] = row;
  columns.distance[0] = 0;
  let at = 0;
  do {
    columns.reached[at] = 1;
    const next = lookFrom(table, at);
    if (next === 0) return false;
    at = next;
  } while (columns.row[at] !== 0);
  raisePrices(table, at);
  passAlong(columns, at);
  addColumn(columns, columns.replica[at] ?? 0, (columns.place[at] ?? 0) + 1);
  return true;
}

/** `requestsMax` and `replicasMax` bound what `solve` may be given. */
export function createAssignment(requestsMax: number, replicasMax: number): Assignment {
  const columns = createColumns(requestsMax + replicasMax + 1);
  const rowPrice = new Float64Array(requestsMax + 1);
  const nothing = new Float64Array(0);
  const table: Table = {
    given: { requests: 0, replicas: 0, freeIn: nothing, work: nothing },
    columns,
    rowPrice,
  };
  const replicaOf = new Int32Array(requestsMax);
  return {
    replicaOf,
    solve(problem) {
      table.given = problem;
      columns.count = 0;
      rowPrice.fill(0);
      for (let replica = 0; replica < problem.replicas; replica++)
        if (problem.freeIn[replica] !== Infinity) addColumn(columns, replica, 1);
      replicaOf.fill(-1);
      for (let row = 1; row <= problem.requests; row++) placeRow(table, row);
      for (let at = 1; at <= columns.count; at++) {
        const row = columns.row[at] ?? 0;
        if (row > 0) replicaOf[row - 1] = columns.replica[at] ?? -1;
      }
    },
  };
}
