import { describe, expect, it } from 'vitest';
import { besideAt, resourceSchemas, type Release } from '#schema';
import { bucketCount, bucketOf } from '#policies';
import type { VersionDoings } from '#contracts';
import { createControlWorld, deploymentOf, type ControlWorld } from '../../../test/world/control-world.ts';

const leave = { replicas: 'leave', graceMs: 0 } as const;

function releaseOf(spec: Record<string, unknown> = {}): Release {
  return resourceSchemas.Release.parse({
    kind: 'Release',
    metadata: { name: 'chat-2' },
    spec: { deployment: 'chat', version: '2', stepMs: 10_000, rollbackWindowMs: 20_000, ...spec },
  });
}

async function current(world: ControlWorld): Promise<Release> {
  const found = await world.store.get('Release', 'chat-2');
  if (found?.kind !== 'Release') throw new Error('There is no release');
  return found;
}

/** So many answers, all alike but for their errors. */
function doings(requests: number, errors: number, tookMs = 200): VersionDoings {
  const at = (value: number) => {
    const buckets = Array.from({ length: bucketCount }, () => 0);
    buckets[bucketOf(value)] = requests - errors;
    return buckets;
  };
  const none = { requests: 0, bad: 0 };
  return {
    counts: {
      errors: { requests, bad: errors },
      refusals: { requests, bad: 0 },
      empty: none,
      feedback: none,
    },
    values: {
      firstToken: at(50),
      total: at(tookMs),
      tpot: [],
      answerBytes: at(900),
      repetition: [],
      confidence: [],
      cost: [],
      scorer: [],
    },
    alike: { copied: 0, fixed: 0, equal: 0 },
  };
}

interface Traffic {
  readonly perSecond: number;
  readonly candidateErrors: number;
}

/** Requests come in for a while, divided as the release says. */
async function serve(world: ControlWorld, seconds: number, { perSecond, candidateErrors }: Traffic) {
  const total = { candidate: 0, stable: 0 };
  for (let second = 0; second < seconds; second += 1) {
    const { split } = (await current(world)).status ?? {};
    if (split !== undefined) {
      total.candidate += Math.round(perSecond * split.share);
      total.stable += perSecond - Math.round(perSecond * split.share);
      const errors = Math.round(total.candidate * candidateErrors);
      world.evidence.set(split.candidate, doings(total.candidate, errors));
      world.evidence.set(split.stable, doings(total.stable, 0));
    }
    await world.clock.advance(1000);
  }
}

async function releasing(spec: Record<string, unknown> = {}) {
  const world = createControlWorld();
  const control = await world.control();
  await world.put(deploymentOf('chat', { replicas: { min: 2 } }));
  await world.clock.advance(3000);
  await world.put(releaseOf(spec));
  await world.clock.advance(3000);
  return { world, control };
}

async function versions(world: ControlWorld): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { spec } of await world.replicas('ready'))
    counts[spec.version] = (counts[spec.version] ?? 0) + 1;
  return counts;
}

describe('a release', () => {
  it('puts the new version beside the old, gives it a growing share, and ends with it alone', async () => {
    const { world, control } = await releasing();
    expect((await current(world)).status).toMatchObject({ state: 'comparing', split: { share: 0.05 } });
    expect(await versions(world)).toEqual({ '1': 2, '2': 1 });
    const shares = new Set<number>();
    for (let look = 0; look < 60; look += 1) {
      await serve(world, 2, { perSecond: 1000, candidateErrors: 0 });
      shares.add((await current(world)).status?.split?.share ?? -1);
    }
    expect([...shares]).toEqual([0.05, 0.25, 1, -1]);
    expect((await current(world)).status?.state).toBe('promoted');
    expect((await world.deployment('chat')).spec.version).toBe('2');
    await world.clock.advance(30_000);
    expect(await versions(world)).toEqual({ '2': 2 });
    await control.stop(leave);
  });

  it('remembers which share it had when', async () => {
    const { world, control } = await releasing({ verdict: 'promote', steps: [20, 100], rollbackWindowMs: 0 });
    world.fate = () => ({ startMs: 5000 });
    await world.clock.advance(60_000);
    const release = await current(world);
    const told = (release.status?.shares ?? []).map(({ at, share }) => ({ atMs: Date.parse(at), share }));
    expect(told.map(({ share }) => share)).toEqual([0.2, 1, 0]);
    const before = { share: 0, atMs: (told[0]?.atMs ?? 0) - 1 };
    const at = (moment: number) => besideAt([release], 'chat', moment)?.share;
    expect([before, ...told].map(({ atMs }) => at(atMs))).toEqual([undefined, 0.2, undefined, undefined]);
    expect(besideAt([release], 'other', told[0]?.atMs ?? 0)).toBeUndefined();
    await control.stop(leave);
  });

  it('keeps the old version warm until the window is over, and goes back to it at once when told', async () => {
    const { world, control } = await releasing({ verdict: 'promote', rollbackWindowMs: 600_000 });
    await world.clock.advance(5000);
    expect((await current(world)).status).toMatchObject({ state: 'settling', split: { share: 1 } });
    expect(await versions(world)).toEqual({ '1': 2, '2': 2 });
    const { metadata, spec, status } = await current(world);
    await world.put({ ...releaseOf(), metadata, spec: { ...spec, verdict: 'roll-back' }, status });
    await world.clock.advance(500);
    expect((await current(world)).status).toMatchObject({ state: 'rolled-back' });
    expect((await world.deployment('chat')).spec.version).toBe('1');
    const [newest] = await world.store.audit({ kind: 'Deployment', name: 'chat', limit: 1 });
    expect(newest?.reason).toContain('as a person has decided');
    await world.clock.advance(30_000);
    expect(await versions(world)).toEqual({ '1': 2 });
    expect((await current(world)).status?.split).toBeUndefined();
    await control.stop(leave);
  });

  it('rolls a version back that fails, and says why with numbers', async () => {
    const { world, control } = await releasing();
    await serve(world, 30, { perSecond: 200, candidateErrors: 0.5 });
    const { status } = await current(world);
    expect(status?.state).toBe('rolled-back');
    expect(status?.message).toMatch(
      /^Rolled back: errors: \d+ % \(\d+ of \d+\) with demo@2, 0 % \(0 of \d+\) with demo@1/,
    );
    expect(await versions(world)).toEqual({ '1': 2 });
    await control.stop(leave);
  });

  it('is promoted when a person says so, whatever is found until the new version is warm', async () => {
    const { world, control } = await releasing();
    const { metadata, spec, status } = await current(world);
    world.fate = () => ({ startMs: 60_000 });
    await world.put({ ...releaseOf(), metadata, spec: { ...spec, verdict: 'promote' }, status });
    await serve(world, 30, { perSecond: 200, candidateErrors: 0.5 });
    expect((await current(world)).status?.state).toBe('comparing');
    await world.clock.advance(60_000);
    expect((await current(world)).status?.state).not.toBe('rolled-back');
    expect((await world.deployment('chat')).spec.version).toBe('2');
    await control.stop(leave);
  });

  it('is judged by its own requests, not by those of a release of the same version before', async () => {
    const { world, control } = await releasing();
    await serve(world, 30, { perSecond: 200, candidateErrors: 0.5 });
    expect((await current(world)).status?.state).toBe('rolled-back');
    await world.clock.advance(30_000);
    await world.put({ ...releaseOf(), metadata: { name: 'chat-again' } });
    await world.clock.advance(20_000);
    const again = await world.store.get('Release', 'chat-again');
    expect(again?.status).toMatchObject({ state: 'comparing', samples: 0, evidence: 1 });
    await control.stop(leave);
  });

  it('does not go on without data', async () => {
    const { world, control } = await releasing();
    await world.clock.advance(900_000);
    expect((await current(world)).status).toMatchObject({
      state: 'comparing',
      step: 0,
      split: { share: 0.05 },
    });
    expect((await current(world)).status?.message).toBe('Holds: 0 of the 100 requests that a step needs.');
    await control.stop(leave);
  });

  it('asks a shadow copies of requests, gives a verdict, and promotes nothing by itself', async () => {
    const { world, control } = await releasing({ strategy: 'shadow', shadow: { percent: 20 } });
    expect((await current(world)).status).toMatchObject({
      state: 'comparing',
      split: { share: 0, copied: 0.2 },
    });
    const asked = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        const { split } = (await current(world)).status ?? {};
        const alike = { copied: second * 50, fixed: 40, equal: 38 };
        world.evidence.set(split?.candidate ?? '', { ...doings(second * 50, 0), alike });
        world.evidence.set(split?.stable ?? '', doings(second * 50, 0));
        await world.clock.advance(1000);
      }
    };
    await asked(60);
    const { status } = await current(world);
    expect(status).toMatchObject({ state: 'comparing', alike: { fixed: 40, equal: 38 } });
    expect(status?.split).toMatchObject({ share: 0 });
    expect(status?.split?.copied).toBeUndefined();
    expect(status?.message).toMatch(/^Passes after \d+ .* Nothing is promoted until a person promotes it\.$/);
    const { metadata, spec } = await current(world);
    await world.put({ ...releaseOf(), metadata, spec: { ...spec, verdict: 'promote' }, status });
    await world.clock.advance(5000);
    expect((await current(world)).status).toMatchObject({ state: 'settling', split: { share: 1 } });
    await control.stop(leave);
  });

  it('goes on where a killed control plane left it, with what that had learned', async () => {
    const { world, control } = await releasing();
    await serve(world, 6, { perSecond: 1000, candidateErrors: 0 });
    const before = (await current(world)).status;
    const compared = (status: typeof before) => status?.gates?.[0]?.stable.requests ?? Number.NaN;
    expect(before?.samples).toBeGreaterThanOrEqual(100);
    await control.stop(leave);
    const next = await world.control();
    await serve(world, 4, { perSecond: 0, candidateErrors: 0 });
    const after = (await current(world)).status;
    expect(compared(after)).toBeGreaterThanOrEqual(compared(before));
    await next.stop(leave);
  });

  it('is given up when the new version does not come up', async () => {
    const world = createControlWorld();
    const control = await world.control();
    await world.put(deploymentOf('chat', { replicas: { min: 1 } }));
    await world.clock.advance(3000);
    world.fate = () => ({ exitAfterMs: 50, exitReason: 'exit code 3' });
    await world.put(releaseOf());
    await world.clock.advance(30_000);
    expect((await current(world)).status?.state).toBe('rolled-back');
    expect((await current(world)).status?.message).toContain('failed 3 times');
    expect(await versions(world)).toEqual({ '1': 1 });
    await control.stop(leave);
  });

  it('ends when the deployment is given another version meanwhile', async () => {
    const { world, control } = await releasing();
    const deployment = await world.deployment('chat');
    await world.put({ ...deployment, spec: { ...deployment.spec, version: '3' } });
    await world.clock.advance(60_000);
    expect((await current(world)).status?.state).toBe('failed');
    expect(await versions(world)).toEqual({ '3': 2 });
    await control.stop(leave);
  });

  it('waits for another release of its deployment, also for one that was made at the same time', async () => {
    const { world, control } = await releasing({ verdict: 'promote', rollbackWindowMs: 5000 });
    const [one, two] = ['a', 'b'].map((name) => ({
      ...releaseOf({ version: `3${name}` }),
      metadata: { name },
    }));
    if (one === undefined || two === undefined) throw new Error('There are two');
    await Promise.all([world.put(one), world.put(two)]);
    for (let look = 0; look < 40; look += 1) {
      await world.clock.advance(500);
      const all = (await world.store.list('Release')).filter((release) => release.kind === 'Release');
      expect(all.filter(({ status }) => status?.split !== undefined).length).toBeLessThanOrEqual(1);
    }
    await control.stop(leave);
  });

  it('switches all at once when it is blue-green and warm', async () => {
    const { world, control } = await releasing({ strategy: 'blue-green' });
    expect((await current(world)).status).toMatchObject({ state: 'settling', split: { share: 1 } });
    expect(await versions(world)).toEqual({ '1': 2, '2': 2 });
    await world.clock.advance(60_000);
    expect(await versions(world)).toEqual({ '2': 2 });
    await control.stop(leave);
  });
});
