import type { Actor, Change, WatchEvent } from '#contracts';
import type { AuditEntry, Metadata, Problem, Resource, ResourceKind } from '#schema';
import { problem } from '#schema';
import { sameJson } from './same-json.ts';
import { sealed } from './sealed.ts';
import { faultOfStoring } from './storable.ts';
import { isUnreadable, remainsOf, type Unreadable } from './unreadable.ts';

interface CommitInput {
  readonly changes: readonly Change[];
  readonly actor: Actor;
  /** The newest version in the store. */
  readonly version: number;
  readonly nowMs: number;
  /** What is stored now. */
  lookup(kind: ResourceKind, name: string): Resource | Unreadable | undefined;
}

/** What a commit does, all of it: an adapter only has to write it down, or to answer the refusal. */
export type CommitDecision =
  | {
      readonly ok: true;
      /** One for each change, as answered to the caller. */
      readonly resources: readonly Resource[];
      /** One for each change that changes something, in the order of their versions. */
      readonly events: readonly WatchEvent[];
      readonly audit: readonly AuditEntry[];
    }
  | { readonly ok: false; readonly problem: Problem; readonly at: number };

/** One change against what is there before it. `event` is absent when it changes nothing. */
type Step =
  | {
      readonly ok: true;
      readonly resource: Resource;
      readonly event?: WatchEvent;
      readonly audit?: AuditEntry;
    }
  | { readonly ok: false; readonly problem: Problem };

interface StepInput {
  readonly before: Resource | Unreadable | undefined;
  /** The version this change gets if it changes anything. */
  readonly version: string;
  readonly at: string;
  readonly actor: Actor;
}

type Put = Extract<Change, { verb: 'put' }>;
type Delete = Extract<Change, { verb: 'delete' }>;

/** Decides a whole commit without writing anything, so that a refused one leaves no trace. */
export function decideCommit(input: CommitInput): CommitDecision {
  const staged = new Map<string, Resource | Unreadable | undefined>();
  const resources: Resource[] = [];
  const events: WatchEvent[] = [];
  const audit: AuditEntry[] = [];
  const at = new Date(input.nowMs).toISOString();
  for (const [index, change] of input.changes.entries()) {
    const { kind, name } = subject(change);
    const key = `${kind}/${name}`;
    const before = staged.has(key) ? staged.get(key) : input.lookup(kind, name);
    const version = String(input.version + events.length + 1);
    const step = decideChange(change, { before, version, at, actor: input.actor });
    if (!step.ok) return { ok: false, problem: step.problem, at: index };
    resources.push(step.resource);
    if (step.audit) audit.push(step.audit);
    if (!step.event) continue;
    events.push(step.event);
    staged.set(key, step.event.type === 'put' ? step.resource : undefined);
  }
  return { ok: true, resources, events, audit };
}

function subject(change: Change): { kind: ResourceKind; name: string } {
  if (change.verb === 'delete') return { kind: change.kind, name: change.name };
  return { kind: change.resource.kind, name: change.resource.metadata.name };
}

function decideChange(change: Change, input: StepInput): Step {
  return change.verb === 'put' ? decidePut(change, input) : decideDelete(change, input);
}

function decidePut(change: Put, input: StepInput): Step {
  const { before } = input;
  const conflict = conflictOf(change, before);
  if (conflict) return { ok: false, problem: conflict };
  if (isUnreadable(before)) return { ok: false, problem: before.unreadable };
  const fault = faultOfStoring(change.resource);
  if (fault) return { ok: false, problem: fault };
  return before ? decideReplace(change.resource, before, input) : decideCreate(change.resource, input);
}

function decideCreate(wanted: Resource, input: StepInput): Step {
  const after = stamped(wanted, { resourceVersion: input.version, generation: 1, createdAt: input.at });
  const event = { type: 'put', resource: after } as const;
  if (wanted.kind === 'Replica') return { ok: true, resource: after, event };
  return { ok: true, resource: after, event, audit: auditEntry(input, 'create', after) };
}

function decideReplace(wanted: Resource, before: Resource, input: StepInput): Step {
  const sameSpec = sameJson(before.spec, wanted.spec);
  const sameWish = sameSpec && sameNotes(before, wanted);
  if (sameWish && sameJson(before.status, wanted.status)) return { ok: true, resource: before };
  const { generation = 0, createdAt = input.at } = before.metadata;
  const after = stamped(wanted, {
    resourceVersion: input.version,
    generation: sameSpec ? generation : generation + 1,
    createdAt,
  });
  const event = { type: 'put', resource: after } as const;
  if (sameWish || wanted.kind === 'Replica') return { ok: true, resource: after, event };
  return { ok: true, resource: after, event, audit: auditEntry(input, 'update', after) };
}

/** The resource as it is stored: with what the platform keeps about it, and safe from changes by its giver. */
function stamped(resource: Resource, stamp: Partial<Metadata>): Resource {
  return sealed({ ...resource, metadata: sealed({ ...resource.metadata, ...stamp }) });
}

function decideDelete(change: Delete, input: StepInput): Step {
  const { before } = input;
  if (!before) {
    const missing = problem('not_found', `There is no ${change.kind} "${change.name}".`);
    return { ok: false, problem: missing };
  }
  const conflict = conflictOf(change, before);
  if (conflict) return { ok: false, problem: conflict };
  // What cannot be read can still be got rid of: its version is known.
  const known = isUnreadable(before) ? remainsOf(change) : before;
  const last = stamped(known, { resourceVersion: input.version });
  const event = { type: 'deleted', resource: last } as const;
  if (change.kind === 'Replica') return { ok: true, resource: last, event };
  return { ok: true, resource: last, event, audit: auditEntry(input, 'delete', last) };
}

function conflictOf(change: Change, before: StepInput['before']): Problem | undefined {
  const expected = change.expectedVersion;
  const found = (isUnreadable(before) ? before.version : before?.metadata.resourceVersion) ?? '';
  if (expected === undefined || expected === found) return undefined;
  const { kind, name } = subject(change);
  const is = found === '' ? 'does not exist' : `is at version ${found}`;
  const was = expected === '' ? 'not to exist' : `at version ${expected}`;
  return problem(
    'version_conflict',
    `${kind} "${name}" ${is}; it was expected ${was}. Read it again and repeat.`,
  );
}

function sameNotes(before: Resource, after: Resource): boolean {
  return (
    sameJson(before.metadata.labels, after.metadata.labels) &&
    sameJson(before.metadata.annotations, after.metadata.annotations)
  );
}

function auditEntry(input: StepInput, verb: AuditEntry['verb'], resource: Resource): AuditEntry {
  const { actor, before } = input;
  return sealed({
    at: input.at,
    actor: actor.name,
    tenant: actor.tenant,
    verb,
    kind: resource.kind,
    name: resource.metadata.name,
    resourceVersion: input.version,
    ...(actor.reason === undefined ? {} : { reason: actor.reason }),
    ...(before && !isUnreadable(before) ? { before: specForAudit(before) } : {}),
    ...(verb === 'delete' ? {} : { after: specForAudit(resource) }),
  });
}

/** The audit log is read by more people than the keys are, and is kept longer: it never holds a key's hash. */
function specForAudit(resource: Resource): unknown {
  if (resource.kind !== 'Key') return resource.spec;
  const { hash: _hash, ...rest } = resource.spec;
  return rest;
}
