import { watched, type Counters } from './counters.ts';
import type { Ran, Session } from './session.ts';
import type { Signature } from './signature.ts';
import { concatenated, rowsOf, type Tensor, type Tensors } from './tensor.ts';
import type { TensorWork } from './work.ts';

export interface RunDeps {
  readonly session: Session;
  readonly signature: Signature;
  readonly counters: Counters;
}

/** How many rows a request has; undefined where its inputs do not agree and it has to run alone. */
function rowsIn(feeds: Tensors): number | undefined {
  let rows: number | undefined;
  for (const { shape } of feeds.values()) {
    const [first] = shape;
    if (first === undefined || (rows !== undefined && rows !== first)) return undefined;
    rows = first;
  }
  return rows;
}

/** Requests of one kind can be put together: the same inputs, of the same sizes but for the first. */
function kindOf(feeds: Tensors): string {
  const parts = [...feeds].map(([name, { shape }]) => `${JSON.stringify(name)}:${shape.slice(1).join('x')}`);
  return parts.toSorted().join(' ');
}

/** Who can run with whom; those who can run with nobody are alone. */
function together(works: readonly TensorWork[], { batches }: Signature): readonly (readonly TensorWork[])[] {
  const kinds = new Map<string, TensorWork[]>();
  const alone: TensorWork[][] = [];
  for (const work of works) {
    const kind = batches && rowsIn(work.feeds) !== undefined ? kindOf(work.feeds) : undefined;
    const others = kind === undefined ? undefined : kinds.get(kind);
    if (others !== undefined) others.push(work);
    else if (kind === undefined) alone.push([work]);
    else kinds.set(kind, [work]);
  }
  return [...kinds.values(), ...alone];
}

/** Copies, since what a run is given is gone, and a batch that fails is tried again one by one. */
function joined(works: readonly TensorWork[]): Tensors {
  const names = [...(works[0]?.feeds.keys() ?? [])];
  const feeds = new Map<string, Tensor>();
  for (const name of names) {
    const parts = works.map(({ feeds: own }) => own.get(name)).filter((part) => part !== undefined);
    const whole = concatenated(parts);
    if (whole !== undefined) feeds.set(name, whole);
  }
  return feeds;
}

async function runAlone({ session, counters }: RunDeps, work: TensorWork): Promise<void> {
  try {
    work.done(await watched(counters, session.run(work.feeds, work.outputs)));
    counters.rows += 1;
  } catch (error) {
    work.failed(error);
  }
}

/** Gives everyone the rows that are theirs. False when the outputs cannot be divided: it was no batch after all. */
function divide(works: readonly TensorWork[], ran: Ran): boolean {
  const counts = works.map(({ feeds }) => rowsIn(feeds) ?? 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (const { shape } of ran.outputs.values()) if (shape[0] !== total) return false;
  let from = 0;
  for (const [index, work] of works.entries()) {
    const to = from + (counts[index] ?? 0);
    const own = new Map<string, Tensor>();
    for (const name of work.outputs) {
      const whole = ran.outputs.get(name);
      if (whole !== undefined) own.set(name, rowsOf(whole, from, to));
    }
    work.done({ outputs: own, runMs: ran.runMs });
    from = to;
  }
  return true;
}

async function runTogether(deps: RunDeps, works: readonly TensorWork[]): Promise<boolean> {
  const outputs = [...new Set(works.flatMap((work) => work.outputs))];
  try {
    const ran = await watched(deps.counters, deps.session.run(joined(works), outputs));
    if (!divide(works, ran)) return false;
    deps.counters.rows += works.length;
    return true;
  } catch {
    return false;
  }
}

/** Runs what can be put together as one; where that fails, everyone alone, so that only who is at fault is refused. */
export async function runTensors(deps: RunDeps, works: readonly TensorWork[]): Promise<void> {
  for (const group of together(works, deps.signature)) {
    const left = group.filter(({ signal }) => !signal.aborted);
    if (left.length > 1 && (await runTogether(deps, left))) continue;
    for (const work of left) if (!work.signal.aborted) await runAlone(deps, work);
  }
}
