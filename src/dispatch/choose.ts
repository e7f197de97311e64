import {
  hashPrefixBlocks,
  leastTtft,
  listTurns,
  prefixBlockBytes,
  type Entry,
  type LeastTtftDecision,
} from '#policies';
import type { Ask } from './ask.ts';
import type { Asked } from './asked.ts';
import { prefixesOf } from './choosing.ts';
import type { Job, Lane } from './job.ts';
import { hasRoom, isLanguage, lookAtSlots } from './outlook.ts';
import type { Route } from './route.ts';
import type { Slot } from './slot.ts';

/** Who goes next and where, or until when it is better to wait. */
export type Choice =
  | { readonly kind: 'send'; readonly entry: Entry<Job>; readonly slot: Slot }
  | { readonly kind: 'hold'; readonly untilMs: number };

const noPrefix = new Uint32Array(0);

/** When the first of the slots that are passed over may be chosen again; Infinity where none is. */
export function firstShunEndMs(route: Route, nowMs: number): number {
  let first = Infinity;
  for (const { shunnedUntilMs } of route.slots)
    if (shunnedUntilMs > nowMs && shunnedUntilMs < first) first = shunnedUntilMs;
  return first;
}

function keepsPrefixes(route: Route): boolean {
  return isLanguage(route) && route.routing.prefixCacheTokens > 0;
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function prefixOf({ prefix, body, promptFrom, promptTo }: Ask): Uint32Array {
  return prefix ?? hashPrefixBlocks(body, promptFrom, promptTo);
}

function askedOf(job: Job, route: Route): Asked {
  const { ask, lane, inputs } = job;
  const prefix = keepsPrefixes(route) ? prefixOf(ask) : noPrefix;
  const own = prefix.at(-1) ?? (lane.choosing.turn += 1);
  return {
    seed: ask.session === undefined ? own : hashText(ask.session),
    inputTokens: inputs,
    prefix,
    tokensPerBlock: prefixBlockBytes / lane.expectation.bytesPerToken,
    waitedSeconds: 0,
  };
}

/** A replica that failed the request is asked again only where no other can be. */
function avoid(slot: Slot | undefined, slots: readonly Slot[]): void {
  if (slot !== undefined && slots.some((other) => other !== slot && other.freeInSeconds !== Infinity))
    slot.freeInSeconds = Infinity;
}

/** Asks the policy about these; -1 for those that wait. Good until it is asked again. */
function decide(
  { choosing }: Lane,
  route: Route,
  { jobs, nowMs }: { readonly jobs: readonly Job[]; readonly nowMs: number },
): LeastTtftDecision {
  const { slots, routing } = route;
  lookAtSlots(choosing, route, nowMs);
  if (jobs.length === 1) avoid(jobs[0]?.avoided, slots);
  const requests = jobs.map((job) => {
    const asked = (job.asked ??= askedOf(job, route));
    asked.waitedSeconds = (nowMs - job.arrivedMs) / 1000;
    return asked;
  });
  const prefixes = keepsPrefixes(route) ? prefixesOf(choosing, slots, routing.prefixCacheTokens) : undefined;
  const { decision, memory } = leastTtft.decide({ requests, replicas: slots, prefixes }, choosing.policy);
  choosing.policy = memory;
  return decision;
}

/** The replica to send to; undefined when every one is full or shunned, or when a better one will soon be free. */
export function chooseSlot(job: Job, route: Route, nowMs: number): Slot | undefined {
  const [only] = route.slots;
  if (route.slots.length === 1) return only && hasRoom(only, nowMs) ? only : undefined;
  return route.slots[decide(job.lane, route, { jobs: [job], nowMs }).replicaOf[0] ?? -1];
}

/** The replica, other than its own, that could begin the request now. */
export function chooseOther(job: Job, route: Route, nowMs: number): Slot | undefined {
  const slots = route.slots.filter((slot) => slot !== job.slot && hasRoom(slot, nowMs));
  return slots.length === 0 ? undefined : chooseSlot(job, { ...route, slots }, nowMs);
}

/** Keys that are asked when the first ones rather wait for a better replica. */
const keysMax = 4;
/** Requests of one key that are looked at together. */
const togetherMax = 12;

/** The first of a key's requests. Only where prompts differ in cost from replica to replica is there more to choose. */
function together(first: Entry<Job>, route: Route): readonly Entry<Job>[] {
  const entries = [first];
  const count = keepsPrefixes(route) && first.item.avoided === undefined ? togetherMax : 1;
  for (let entry = first.after; entry !== undefined && entries.length < count; entry = entry.after)
    entries.push(entry);
  return entries;
}

/** Where there is one replica the next in the order goes as soon as that has room. */
function chooseOnly(lane: Lane, slot: Slot, nowMs: number): Choice {
  const [entry] = listTurns(lane.order, 1);
  const sends = entry !== undefined && hasRoom(slot, nowMs);
  return sends ? { kind: 'send', entry, slot } : { kind: 'hold', untilMs: Infinity };
}

/**
 * Who goes next and where. Requests of one key may overtake each other where that brings first tokens sooner; those of
 * another key go before them only while they all rather wait for a replica that is busy.
 */
export function chooseNext(lane: Lane, route: Route, nowMs: number): Choice {
  const [only] = route.slots;
  if (only !== undefined && route.slots.length === 1) return chooseOnly(lane, only, nowMs);
  let holdSeconds = Infinity;
  for (const first of listTurns(lane.order, keysMax)) {
    const entries = together(first, route);
    const decision = decide(lane, route, { jobs: entries.map((entry) => entry.item), nowMs });
    for (const [row, entry] of entries.entries()) {
      const slot = route.slots[decision.replicaOf[row] ?? -1];
      if (slot !== undefined) return { kind: 'send', entry, slot };
      holdSeconds = Math.min(holdSeconds, decision.holdSeconds[row] ?? Infinity);
    }
  }
  return { kind: 'hold', untilMs: nowMs + holdSeconds * 1000 };
}

/** Predicted reading that is worth a millisecond's thought. */
const thinkFromMs = 100;

/**
 * Long prompts that come at the same time are better looked at together: a millisecond costs them a hundredth. With
 * one replica, or where nothing is known of speed, there is nothing to choose.
 */
export function isWorthThought(job: Job, route: Route): boolean {
  const inputMs = route.curve?.coefficients[0] ?? 0;
  return route.slots.length > 1 && keepsPrefixes(route) && inputMs * job.inputs >= thinkFromMs;
}
