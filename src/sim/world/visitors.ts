import type { Ask } from '#dispatch';
import type { WorkloadSpec } from '#schema';
import { createSeededRng } from '../clock/index.ts';
import { createWorkload, drawArrival, mergeWorkloads } from '../workload/workload.ts';
import type { Arrival, Workload } from '../workload/arrival.ts';
import type { Recorder } from './recorder.ts';
import { deploymentName, type Visit, type World } from './world.ts';

interface Numbered {
  readonly arrival: Arrival;
  readonly number: number;
  /** Called when it is over. */
  readonly onOver?: (() => void) | undefined;
}

const headers: string[] = [];

/** The request as the gateway would hand it in. */
function askOf(arrival: Arrival, body: Uint8Array, deadlineMs: number | undefined): Ask {
  return {
    requestId: '',
    tenant: arrival.tenant,
    key: arrival.tenant,
    priority: 'standard',
    session: undefined,
    model: deploymentName,
    endpoint: '/v1/chat/completions',
    body,
    modelFrom: -1,
    modelTo: -1,
    promptFrom: 0,
    promptTo: body.length,
    stream: true,
    maxTokens: undefined,
    answers: 1,
    headers,
    deadlineMs,
  };
}

/** Sends one request through dispatch, and notes how it went. */
function visit(world: World, recorder: Recorder, { arrival, number, onOver }: Numbered): void {
  const { clock, dispatch, prompts, visits, scenario } = world;
  const body = prompts.bodyOf(arrival);
  const { promptTokens, outputTokens, blocks } = arrival;
  const here: Visit = { promptTokens, outputTokens, blocks, number };
  const arrivedMs = clock.monotonicMs();
  let firstMs: number | undefined;
  visits.set(body, here);

  function over(code: string | undefined): void {
    visits.delete(body);
    const endedMs = clock.monotonicMs();
    recorder.add({ arrivedMs, firstMs, endedMs, outputTokens, code });
    if (code !== undefined) world.decide({ atMs: endedMs, kind: 'refuse', request: number, code });
    onOver?.();
  }

  dispatch.submit(askOf(arrival, body, scenario.limits.deadlineMs), {
    started: () => {
      firstMs = clock.monotonicMs();
    },
    // Nobody looks at the bytes.
    borrows: true,
    received: () => true,
    ended: () => {
      over(undefined);
    },
    failed: ({ code }) => {
      over(code);
    },
  });
}

/** Everybody who asks when it is time, in the order of time. */
function openOnes({ scenario }: World, seed: number): Workload {
  const specs = scenario.workloads.map((spec, at) => ({ spec, seed: seed * 1009 + at }));
  const open = specs.filter(({ spec }) => spec.kind !== 'closed');
  return mergeWorkloads(open.map((one) => createWorkload(one.spec, one.seed)));
}

interface Door {
  readonly world: World;
  readonly recorder: Recorder;
  readonly endMs: number;
  /** Requests so far. */
  count: number;
  /** When the first came that was too late for this run; undefined while none did. */
  lateMs: number | undefined;
}

/** They come one after the other, each when it is time. */
function letOpenIn(door: Door, visitors: Workload): void {
  const { world, recorder, endMs } = door;
  const { clock } = world;
  const next = (): void => {
    const arrival = visitors.next().value;
    if (arrival === undefined || arrival.atMs >= endMs) {
      door.lateMs = arrival?.atMs;
      visitors.return?.(undefined);
      return;
    }
    clock.setTimer(arrival.atMs - clock.monotonicMs(), () => {
      visit(world, recorder, { arrival, number: (door.count += 1) });
      next();
    });
  };
  next();
}

/** One who is refused asks again no sooner than this. */
const refusedPauseMs = 1000;

/** Callers of which each asks again as soon as it is answered. */
function letClosedIn(
  door: Door,
  { spec, seed }: { readonly spec: WorkloadSpec; readonly seed: number },
): void {
  const { world, recorder, endMs } = door;
  const { clock } = world;
  const rng = createSeededRng(seed);
  const ask = (): void => {
    const atMs = clock.monotonicMs();
    if (atMs >= endMs) return;
    const number = (door.count += 1);
    const again = (): void => {
      clock.setTimer(clock.monotonicMs() > atMs ? 0 : refusedPauseMs, ask);
    };
    visit(world, recorder, { arrival: drawArrival(spec, rng, atMs), number, onOver: again });
  };
  for (let client = 0; client < (spec.clients ?? 1); client++) clock.setTimer(0, ask);
}

/** Lets everybody in until the run ends. */
export function letIn(world: World, recorder: Recorder, seed: number): Readonly<Door> {
  const { scenario } = world;
  const door: Door = { world, recorder, endMs: scenario.durationS * 1000, count: 0, lateMs: undefined };
  for (const [at, spec] of scenario.workloads.entries())
    if (spec.kind === 'closed') letClosedIn(door, { spec, seed: seed * 1009 + at });
  letOpenIn(door, openOnes(world, seed));
  return door;
}
