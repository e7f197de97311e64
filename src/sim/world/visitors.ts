import type { Ask } from '#dispatch';
import { mergeWorkloads, createWorkload } from '../workload/workload.ts';
import type { Arrival, Workload } from '../workload/arrival.ts';
import type { Recorder } from './recorder.ts';
import { deploymentName, type Visit, type World } from './world.ts';

interface Numbered {
  readonly arrival: Arrival;
  readonly number: number;
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
function visit(world: World, recorder: Recorder, { arrival, number }: Numbered): void {
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
  }

  dispatch.submit(askOf(arrival, body, scenario.limits.deadlineMs), {
    started: () => {
      firstMs = clock.monotonicMs();
    },
    received: () => true,
    ended: () => {
      over(undefined);
    },
    failed: ({ code }) => {
      over(code);
    },
  });
}

/** Everybody who asks, in the order of time. */
export function visitorsOf({ scenario }: World, seed: number): Workload {
  return mergeWorkloads(scenario.workloads.map((spec, at) => createWorkload(spec, seed * 1009 + at)));
}

/** Lets them come one after the other, each when it is time, until the run ends. */
export function letIn(world: World, recorder: Recorder, visitors: Workload): void {
  const { clock, scenario } = world;
  const endMs = scenario.durationS * 1000;
  let number = 0;
  const next = (): void => {
    const arrival = visitors.next().value;
    if (arrival === undefined || arrival.atMs >= endMs) return;
    clock.setTimer(arrival.atMs - clock.monotonicMs(), () => {
      visit(world, recorder, { arrival, number: (number += 1) });
      next();
    });
  };
  next();
}
