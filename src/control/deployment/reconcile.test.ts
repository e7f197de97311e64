import { describe, expect, it } from 'vitest';
import {
  resourceSchemas,
  type Deployment,
  type ModelVersionStatus,
  type Replica,
  type ReplicaStatus,
} from '#schema';
import { deploymentOf, versionOf } from '../../../test/world/control-world.ts';
import { replicaFrom } from '../template.ts';
import { reconcileDeployment, type DeploymentObserved } from './reconcile.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const at = (offsetMs: number): string => new Date(nowMs + offsetMs).toISOString();

function deployment(spec: Record<string, unknown> = {}, status?: Partial<Deployment['status']>): Deployment {
  const plain = deploymentOf('chat', spec);
  return resourceSchemas.Deployment.parse({
    ...plain,
    metadata: { ...plain.metadata, generation: 3 },
    status: { replicas: 0, readyReplicas: 0, observedGeneration: 3, restarts: 0, ...status },
  });
}
let count = 0;
function replicaOf(owner: Deployment, status: Partial<ReplicaStatus>): Replica {
  count += 1;
  const plain = replicaFrom(owner, { name: `chat-${count}`, site: { substrate: 'fake' }, since: at(-1000) });
  return resourceSchemas.Replica.parse({ ...plain, status: { ...plain.status, ...status } });
}
const seen: DeploymentObserved = {
  replicas: [],
  scale: undefined,
  chance: 0.5,
  engine: { formats: [], optionsProblem: undefined },
  engineNames: ['scripted'],
  hasNode: true,
  lost: [],
  version: undefined,
  hasFile: false,
};
const decide = (owner: Deployment | undefined, change: Partial<DeploymentObserved> = {}) =>
  reconcileDeployment(owner, { ...seen, ...change }, nowMs);
const noted = (owner: Deployment, change: Partial<DeploymentObserved> = {}) =>
  decide(owner, change).find((action) => action.kind === 'note')?.status;

const version = (status?: ModelVersionStatus) => ({ ...versionOf({ source: 'upload' }), status });

const many = (urls: readonly string[], status: object = {}) =>
  deployment({ engine: { name: 'scripted', urls } }, { replicas: 2, readyReplicas: 2, ...status });
function standing(owner: Deployment, address: string, status: Partial<ReplicaStatus> = {}): Replica {
  const replica = replicaOf(owner, { state: 'ready', ...status });
  return { ...replica, spec: { ...replica.spec, address } };
}
const kinds = (owner: Deployment, replicas: readonly Replica[]) =>
  decide(owner, { replicas }).filter(({ kind }) => kind === 'start' || kind === 'retire');

describe('one look at a deployment', () => {
  it('does nothing and writes nothing when all is as it should be', () => {
    const owner = deployment({}, { replicas: 1, readyReplicas: 1 });
    expect(decide(owner, { replicas: [replicaOf(owner, { state: 'ready' })] })).toEqual([]);
  });

  it('counts a failure, takes its record away, and waits', () => {
    const owner = deployment({}, { restarts: 2 });
    const failed = replicaOf(owner, { state: 'failed', message: 'out of memory' });
    expect(decide(owner, { replicas: [failed] })).toMatchObject([
      {
        kind: 'note',
        noted: [failed],
        status: { replicas: 0, restarts: 3, nextStartAt: at(2000), message: 'Last failure: out of memory' },
      },
      { kind: 'again', afterMs: 2000 },
    ]);
  });

  it('does not count a failure before its process is gone', () => {
    const owner = deployment();
    const failed = replicaOf(owner, { state: 'failed', endpoint: 'unix:/run/1', identity: { pid: 1 } });
    expect(noted(owner, { replicas: [failed] })).toMatchObject({ restarts: 0, replicas: 1 });
  });

  it('starts again when the time has come, and at once when the spec was changed', () => {
    const waits = deployment({}, { restarts: 3, nextStartAt: at(1), message: 'Last failure: x' });
    expect(decide(waits)).toEqual([{ kind: 'again', afterMs: 1 }]);
    const due = deployment({}, { restarts: 3, nextStartAt: at(0), message: 'Last failure: x' });
    expect(decide(due)).toMatchObject([
      { kind: 'note', status: { restarts: 3 } },
      { kind: 'start', count: 1 },
    ]);
    const changed = deployment({}, { restarts: 3, nextStartAt: at(60_000), observedGeneration: 2 });
    expect(decide(changed)).toMatchObject([
      { kind: 'note', status: { restarts: 0 } },
      { kind: 'start', count: 1 },
    ]);
  });

  it('forgives when all have been ready for a minute', () => {
    const owner = deployment({}, { replicas: 1, readyReplicas: 1, restarts: 4, message: 'Last failure: x' });
    const young = replicaOf(owner, { state: 'ready', since: at(-20_000) });
    expect(decide(owner, { replicas: [young] })).toEqual([{ kind: 'again', afterMs: 40_000 }]);
    const steady = replicaOf(owner, { state: 'ready', since: at(-60_000) });
    expect(noted(owner, { replicas: [steady] })).toMatchObject({ restarts: 0, message: undefined });
  });

  it('delays each of two versions for its own failures alone', () => {
    const owner = deployment({}, { restarts: 0 });
    const variant = { ...owner, spec: { ...owner.spec, version: '2' } };
    const companion = { variant, wanted: 1, conditions: seen };
    const crashed = replicaOf(variant, { state: 'failed', message: 'out of memory' });
    const first = decide(owner, { companion, replicas: [crashed] });
    expect(first).toMatchObject([
      {
        kind: 'note',
        noted: [crashed],
        status: {
          restarts: 0,
          beside: { restarts: 1, nextStartAt: at(500), message: 'Last failure: out of memory' },
        },
      },
      { kind: 'start', deployment: owner, count: 1 },
      { kind: 'again', afterMs: 500 },
    ]);
    const beside = noted(owner, { companion, replicas: [crashed] })?.beside;
    const later = {
      ...owner,
      status: { ...owner.status, replicas: 0, readyReplicas: 0, restarts: 0, beside },
    };
    expect(decide(later, { companion }).filter(({ kind }) => kind === 'start')).toMatchObject([
      { deployment: later },
    ]);
    const other = { ...companion, variant: { ...owner, spec: { ...owner.spec, version: '3' } } };
    expect(noted(later, { companion: other })?.beside).toMatchObject({ restarts: 0 });
  });

  describe('with several addresses', () => {
    const [a, b, c] = ['http://a', 'http://b', 'http://c'] as const;
    it('starts one replica at each, however many `replicas` says', () => {
      expect(kinds(many([a, b]), [])).toMatchObject([
        { kind: 'start', count: 1, address: a },
        { kind: 'start', count: 1, address: b },
      ]);
    });

    it('touches only the replicas of addresses that are added or taken away', () => {
      const before = many([a, b]);
      const [first, second] = [standing(before, a), standing(before, b)];
      expect(kinds(many([b, c]), [first, second])).toMatchObject([
        { kind: 'start', address: c },
        { kind: 'retire', replica: first, message: 'Its address is not wanted any more.' },
      ]);
    });

    it('keeps those that are not wanted until one that is answers', () => {
      const plain = deployment({ engine: { name: 'scripted', options: { url: a } } });
      const old = replicaOf(plain, { state: 'ready' });
      const owner = many([a]);
      expect(kinds(owner, [old])).toMatchObject([{ kind: 'start', address: a }]);
      expect(kinds(owner, [old, standing(owner, a, { state: 'loading' })])).toEqual([]);
      expect(kinds(owner, [old, standing(owner, a)])).toMatchObject([{ kind: 'retire', replica: old }]);
    });

    it('delays each for its own failures alone', () => {
      const owner = many([a, b], { replicas: 1, readyReplicas: 0 });
      const failed = standing(owner, a, { state: 'failed', message: 'no answer' });
      const first = decide(owner, { replicas: [failed] });
      const addresses = [
        { address: a, restarts: 1, nextStartAt: at(500), message: 'Last failure: no answer' },
      ];
      expect(first).toMatchObject([
        { kind: 'note', noted: [failed], status: { restarts: 1, addresses } },
        { kind: 'start', address: b },
        { kind: 'again', afterMs: 500 },
      ]);
      const status = first.find((action) => action.kind === 'note')?.status;
      const later = many([a, b], { ...status, replicas: 1, readyReplicas: 1 });
      expect(kinds(later, [standing(owner, b)])).toEqual([]);
      const due = { ...status?.addresses?.[0], nextStartAt: at(0) };
      const again = many([a, b], { ...status, addresses: [due] });
      expect(kinds(again, [standing(owner, b)])).toMatchObject([{ kind: 'start', address: a }]);
    });
  });

  it('lets the replicas of a deleted deployment go', () => {
    const owner = deployment();
    const ready = replicaOf(owner, { state: 'ready' });
    const draining = replicaOf(owner, { state: 'draining' });
    const failed = replicaOf(owner, { state: 'failed' });
    expect(decide(undefined, { replicas: [ready, draining, failed] })).toMatchObject([
      { kind: 'retire', replica: ready },
      { kind: 'remove', replica: failed },
    ]);
  });

  const engine = { formats: ['gguf'], optionsProblem: undefined };
  const obstacles: readonly [RegExp, Partial<DeploymentObserved>][] = [
    [/no engine "scripted" here\. There are: other/, { engine: undefined, engineNames: ['other'] }],
    [
      /options of the engine "scripted" are wrong: too hot/,
      { engine: { formats: [], optionsProblem: 'too hot' } },
    ],
    [/nothing here that replicas could run on/, { hasNode: false }],
    [/Waits for the model version demo\.1: it does not exist/, { engine }],
    [/it is being checked/, { engine, version: version() }],
    [
      /being pulled, 42 %/,
      { engine, version: version({ state: 'pulling', receivedBytes: 42, sizeBytes: 100 }) },
    ],
    [/cannot be used: truncated/, { engine, version: version({ state: 'failed', message: 'truncated' }) }],
    [/not in the blob store/, { engine, version: version({ state: 'ready' }) }],
    [
      /loads gguf; demo\.1 is onnx/,
      { engine, version: version({ state: 'ready', format: 'onnx' }), hasFile: true },
    ],
  ];
  it.each(obstacles)('does not start, and says why: %s', (message, change) => {
    const actions = decide(deployment(), change);
    expect(actions.filter(({ kind }) => kind === 'start')).toEqual([]);
    expect(noted(deployment(), change)?.message).toMatch(message);
  });

  it('starts from a file that is ready', () => {
    const ready = version({ state: 'ready', format: 'gguf' });
    expect(decide(deployment(), { engine, version: ready, hasFile: true }).at(-1)).toMatchObject({
      kind: 'start',
    });
  });
});
