import { circuit, hearAnswer, outlierEjection, type CircuitEvent } from '#policies';
import type { Lane } from './job.ts';
import { countReason } from './mending.ts';
import type { Route } from './route.ts';
import type { Slot } from './slot.ts';

function passOver(slot: Slot): void {
  slot.shunnedUntilMs = Math.max(slot.circuit.untilMs, slot.answers.ejectedUntilMs);
}

/** Whether the replica can be reached. */
export function noteReached(lane: Lane, slot: Slot, input: { event: CircuitEvent; nowMs: number }): void {
  const { state, failures } = slot.circuit;
  if (input.event === 'answered' && state === 'closed' && failures === 0) return;
  const { memory, reason } = circuit.decide(input, slot.circuit);
  slot.circuit = memory;
  passOver(slot);
  if (memory.state !== state || reason.code === 'circuit-opened') countReason(lane.mending, reason.code);
}

/** How well the replica answers, beside the others of its deployment. */
export function noteAnswer(
  lane: Lane,
  slot: Slot,
  {
    route,
    isGood,
    nowMs,
  }: { readonly route: Route | undefined; readonly isGood: boolean; readonly nowMs: number },
): void {
  hearAnswer(slot.answers, isGood, nowMs);
  if (isGood || route?.resilience.ejection.enabled !== true) return;
  const { failuresInARow, baseMs } = route.resilience.ejection;
  const { slots: replicas } = route;
  const input = { nowMs, replicas, at: replicas.indexOf(slot), failuresInARow, baseMs };
  const { decision, reason } = outlierEjection.decide(input, outlierEjection.begin());
  if (decision > 0 || reason.code === 'a-third-is-ejected') countReason(lane.mending, reason.code);
  passOver(slot);
}
