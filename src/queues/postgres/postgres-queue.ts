import { connect, type Server } from '#postgres';
import type { Beat, Clock, Settlement, TaskLimits, TaskQueue, Turns } from '#contracts';
import type { NewTask, Task } from '#schema';
import { unlimited } from '../gate.ts';
import { createHints } from '../hints.ts';
import { fromRow } from '../task-row.ts';
import { deliveriesOf, isReady, settled, steered, withTurn } from '../task-rules.ts';
import { keptTurns, restoreTurns } from '../turns-kept.ts';
import { migrations } from './migrations.ts';
import { createFrontier, type Frontier } from './frontier.ts';
import { createGate, type Gate } from './gate.ts';
import { createGather } from './gather.ts';
import { createHintChannel, type GivenTurns, type HintChannel, type Reached } from './hint-channel.ts';
import { countTasks, listTasks } from './listing.ts';
import { beatTasks, findTasks, lockTask, settleTasks, type Ended } from './statements.ts';
import { createSearch } from './search.ts';
import { addKeyed, addPlain, knownKeys } from './submission.ts';
import { createTending, rewrite } from './tending.ts';

export interface PostgresQueueDeps {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Where the tables are; made when missing. */
  readonly schema?: string | undefined;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly turns: Turns;
  readonly limits?: TaskLimits | undefined;
  /** Tells this process from others, for hints. */
  readonly origin: string;
}

/** What every verb needs. */
interface Office {
  readonly server: Server;
  readonly clock: PostgresQueueDeps['clock'];
  readonly turns: Turns;
  readonly frontier: Frontier;
  readonly channel: HintChannel;
  readonly gate: Gate;
}

/** Statements of one kind at the same time: with more, each carries less. */
const parallel = 2;
const itemsMax = 500;

function touched(
  { frontier, channel, clock }: Pick<Office, 'frontier' | 'channel' | 'clock'>,
  tasks: readonly Task[],
): void {
  const nowMs = clock.nowMs();
  for (const task of tasks) {
    channel.changed(task);
    if (!isReady(task, nowMs)) continue;
    frontier.became(task);
    channel.ready(task);
  }
}

function createSubmit(office: Office): TaskQueue['submit'] {
  const { server, clock, turns } = office;
  const desk = { server, turns };
  const addTogether = createGather({
    run: (tasks: readonly NewTask[]) => addPlain(desk, tasks, clock.nowMs()),
    parallel,
    itemsMax,
  });
  return async (tasks) => {
    const keyed = tasks.some(({ idempotencyKey }) => idempotencyKey !== undefined);
    const submitted = keyed ? await addKeyed(desk, tasks, clock.nowMs()) : await addTogether(tasks);
    touched(
      office,
      submitted.flatMap(({ task, fresh }) => (fresh ? [task] : [])),
    );
    return submitted;
  };
}

/** Claims until there is enough of what may run, nothing more, or too much that has to be parked. */
function createClaim(office: Office): TaskQueue['claim'] {
  const { gate, channel } = office;
  const search = createSearch(office);
  return async (wanted) => {
    const mine: Task[] = [];
    for (let times = 0; times < gate.claimsMax; times += 1) {
      const found = await search({ ...wanted, count: wanted.count - mine.length });
      const admitted = await gate.admit(found);
      mine.push(...admitted);
      if (admitted.length === found.length || mine.length === wanted.count) return mine;
    }
    channel.more(wanted.lane);
    return mine;
  };
}

function idsOf(rows: readonly object[]): ReadonlySet<string> {
  return new Set(rows.flatMap((row) => ('id' in row ? [String(row.id)] : [])));
}

function createBeat({ server, clock }: Office): TaskQueue['beat'] {
  return async (beats: readonly Beat[]) => {
    const held = beats.map(({ progress, ...beat }) => ({
      ...beat,
      progress: progress === undefined ? null : JSON.stringify(progress),
    }));
    const heard = idsOf(await server.ask(beatTasks(held, clock.nowMs())));
    return beats.map(({ id }) => heard.has(id));
  };
}

/** One end for each task of a statement: a second one of the same token would be as good as the first. */
function endsOf(
  settlements: readonly Settlement[],
  turns: Turns,
  nowMs: number,
): ReadonlyMap<Settlement, Ended> {
  const seen = new Set<string>();
  const ends = new Map<Settlement, Ended>();
  for (const settlement of settlements) {
    const { task, outcome } = settlement;
    const next = seen.has(task.id) ? undefined : settled(task, outcome, nowMs);
    seen.add(task.id);
    if (next === undefined) continue;
    ends.set(settlement, {
      worker: task.worker ?? '',
      task: withTurn(next, turns, nowMs),
      deliveries: deliveriesOf(next, nowMs).map((delivery) => withTurn(delivery, turns, nowMs)),
    });
  }
  return ends;
}

function createSettle(office: Office): TaskQueue['settle'] {
  const { server, clock, turns } = office;
  async function settle(settlements: readonly Settlement[]): Promise<readonly boolean[]> {
    const nowMs = clock.nowMs();
    const ends = endsOf(settlements, turns, nowMs);
    const written = idsOf(await server.ask(settleTasks([...ends.values()], nowMs)));
    const kept = [...ends.values()].filter(({ task }) => written.has(task.id));
    touched(
      office,
      kept.flatMap(({ task, deliveries }) => [task, ...deliveries]),
    );
    await office.gate.release(kept.map(({ task }) => task.tenant));
    return settlements.map((one) => written.has(ends.get(one)?.task.id ?? ''));
  }
  return createGather({ run: settle, parallel, itemsMax });
}

function createSteer(office: Office): TaskQueue['steer'] {
  const { server, clock, turns } = office;
  return async (id, event) => {
    const nowMs = clock.nowMs();
    let written: readonly Task[] = [];
    const found = await server.atomically(async (ask) => {
      const task = (await ask(lockTask(id))).map(fromRow)[0];
      const next = task && steered(task, event, nowMs);
      if (next) written = await rewrite(ask, [next], { turns, nowMs });
      return written[0] ?? task;
    });
    touched(office, written);
    return found;
  };
}

/** Tasks in PostgreSQL, shared by any number of processes. Throws a ProblemError where the server cannot be used. */
export async function createPostgresQueue(deps: PostgresQueueDeps): Promise<TaskQueue> {
  const { url, schema = 'millrace', clock, turns, limits = unlimited, origin } = deps;
  const address = { url, schema };
  const server = await connect(address, { name: 'tasks', migrations });
  restoreTurns(turns, await server.ask({ text: keptTurns }));
  const hints = createHints();
  const frontier = createFrontier();
  const heard = {
    given(given: GivenTurns): void {
      turns.learn(given, given.next);
      frontier.became({ ...given, rank: given.first });
    },
    reached: (one: Reached) => turns.reached(one),
  };
  const channel = createHintChannel({ address, hints, origin, heard });
  const nowMs = (): number => clock.nowMs();
  const ready = (tasks: readonly Task[]): void => touched({ frontier, channel, clock }, tasks);
  const gate = createGate({ server, limits, nowMs, touched: ready });
  const office: Office = { server, clock, turns, frontier, channel, gate };
  const tend = createTending({ server, turns, nowMs, touched: ready });
  return {
    submit: createSubmit(office),
    claim: createClaim(office),
    beat: createBeat(office),
    settle: createSettle(office),
    steer: createSteer(office),
    known: (tenant, keys) => knownKeys(office, tenant, keys),
    get: async (ids) => (ids.length === 0 ? [] : (await server.ask(findTasks(ids))).map(fromRow)),
    list: (query) => listTasks(server, query),
    counts: () => countTasks(server),
    async tend() {
      const done = await tend();
      await gate.tend();
      return done;
    },
    watch: (listener) => hints.watch(listener),
    async close() {
      await office.channel.close();
      await server.close();
    },
  };
}
