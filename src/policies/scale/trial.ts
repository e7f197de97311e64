import { fluidFleet, orderReplicas, passTime, type FluidFleet } from './fluid-fleet.ts';
import type { ScaleInput, ScaleLoad } from './input.ts';
import type { ScaleAdvice, Scaler } from './advice.ts';

/** Two policies, each twice: once for the deployment as it is, once for a model of it that is its own. */
export interface Trialists {
  readonly lead: Scaler;
  readonly shadow: Scaler;
  readonly modelled: { readonly lead: Scaler; readonly shadow: Scaler };
}

export interface TrialTerms {
  /** Whether the shadow's advice may be followed. */
  readonly takesOver: boolean;
  /** The share of replica-time it must save. */
  readonly gain: number;
  /** For how long it is watched before; what was longer ago counts less and less. */
  readonly trialMs: number;
  readonly attainment: number;
  /** What waits longer is late. */
  readonly waitMs: number;
}

/** What a policy would have come to by itself, in replica-milliseconds; what is long ago is forgotten. */
interface Account {
  readonly paidMs: number;
  readonly workMs: number;
  readonly lateMs: number;
}

const nothing: Account = { paidMs: 0, workMs: 0, lateMs: 0 };

function added(account: Account, [before, after]: [FluidFleet, FluidFleet], left: number): Account {
  return {
    paidMs: account.paidMs * left + after.paidMs - before.paidMs,
    workMs: account.workMs * left + after.workMs - before.workMs,
    lateMs: account.lateMs * left + after.lateMs - before.lateMs,
  };
}

function loadOf(fleet: FluidFleet, offered: number, late: { count: number; late: number }): ScaleLoad {
  const { ready, queueMs } = fleet;
  return {
    offered,
    backlog: queueMs / 1000,
    occupied: offered + queueMs / 1000,
    utilisation: ready === 0 ? 0 : Math.min(1, offered / ready),
    latencyMs: ready === 0 ? undefined : queueMs / ready,
    due: late,
  };
}

/** A model of the deployment in which one policy has its way, under the load that really comes. */
function createModel(scaler: Scaler, { waitMs, trialMs }: TrialTerms) {
  let fleet: FluidFleet | undefined;
  let wanted = 0;
  let account = nothing;
  return {
    account: () => account,
    pass(input: ScaleInput, offered: number, elapsedMs: number): void {
      const { nowMs, coldStartMs } = input;
      if (fleet === undefined) wanted = input.wanted;
      const before = fleet ?? fluidFleet(input.ready);
      const after = passTime(before, { nowMs, elapsedMs, offered, waitMs });
      account = added(account, [before, after], Math.exp(-elapsedMs / trialMs));
      const due = { count: after.workMs - before.workMs, late: after.lateMs - before.lateMs };
      const load = loadOf(after, offered, due);
      wanted = scaler.decide({ nowMs, coldStartMs, wanted, ready: after.ready, load }).replicas;
      fleet = orderReplicas(after, wanted, nowMs + coldStartMs);
    },
  };
}

function lateShare({ lateMs, workMs }: Account): number {
  return workMs <= 0 ? 0 : lateMs / workMs;
}

/** What the trial has come to so far. */
interface Verdict {
  /** Share of the replica-time that the shadow would have saved. */
  readonly saves: number;
  readonly late: number;
  readonly shadowLate: number;
}

function verdictOf(lead: Account, shadow: Account): Verdict {
  const saves = lead.paidMs <= 0 ? 0 : 1 - shadow.paidMs / lead.paidMs;
  return { saves, late: lateShare(lead), shadowLate: lateShare(shadow) };
}

/** Who leads loses the lead at half of the gain, or at half as many again late: two as good do not take turns. */
function hasGained({ saves, late, shadowLate }: Verdict, leads: boolean, terms: TrialTerms): boolean {
  const { gain, attainment } = terms;
  const lateMax = Math.max(late, 1 - attainment);
  return saves >= (leads ? gain / 2 : gain) && shadowLate <= (leads ? lateMax * 1.5 : lateMax);
}

/**
 * A second policy in shadow: it advises on the same load, and both are judged by what they would have come to in a
 * model of the deployment. Its advice is followed where it may be, and as long as the model shows a gain.
 */
export function createTrial({ lead, shadow, modelled }: Trialists, terms: TrialTerms): Scaler {
  const models = { lead: createModel(modelled.lead, terms), shadow: createModel(modelled.shadow, terms) };
  let watchedMs = 0;
  let atMs: number | undefined;
  let leads = false;

  function judge(input: ScaleInput, offered: number): Verdict {
    const elapsedMs = Math.max(0, input.nowMs - (atMs ?? input.nowMs));
    atMs = input.nowMs;
    watchedMs += elapsedMs;
    models.lead.pass(input, offered, elapsedMs);
    models.shadow.pass(input, offered, elapsedMs);
    const verdict = verdictOf(models.lead.account(), models.shadow.account());
    leads = terms.takesOver && watchedMs >= terms.trialMs && hasGained(verdict, leads, terms);
    return verdict;
  }

  return {
    name: lead.name,
    rebound(bounds) {
      for (const one of [lead, shadow, modelled.lead, modelled.shadow]) one.rebound(bounds);
    },
    decide(input): ScaleAdvice {
      const own = lead.decide(input);
      const advised = shadow.decide(input);
      if (input.load === undefined) return own;
      const verdict = judge(input, input.load.offered);
      const told = { policy: shadow.name, replicas: advised.replicas, leads };
      const facts = {
        shadowAdvises: advised.replicas,
        shadowSaves: verdict.saves,
        shadowLate: verdict.shadowLate,
        late: verdict.late,
        watchedMs,
      };
      if (!leads)
        return { ...own, reason: { ...own.reason, facts: { ...own.reason.facts, ...facts } }, shadow: told };
      const because = { withoutShadow: own.replicas, because: advised.reason.code };
      const reason = { code: 'shadow-leads', facts: { ...advised.reason.facts, ...facts, ...because } };
      return { replicas: advised.replicas, reason, shadow: told };
    },
  };
}
