import type { Result } from '#contracts';
import type { Problem, Resource, ResourceKind } from '#schema';
import { mayChange } from './change-guards.ts';
import type { AdminDeps } from './deps.ts';
import { changedForGood, lastAdminLost } from './guards.ts';
import { canonical } from './json.ts';
import { parseStored } from './parse-resource.ts';
import { checkReferences } from './references.ts';
import { mintSecret } from './secrets.ts';
import { createView, type View } from './view.ts';

/** One resource that someone wants to be so. */
export interface Wanted {
  readonly kind: ResourceKind;
  readonly name: string;
  /** Refuse unless this version is stored; '' when nothing may be stored. */
  readonly expectedVersion?: string | undefined;
  /** The resource as wanted, given what is stored: a patch depends on it. */
  readonly make: (stored: Resource | undefined) => Result<Resource>;
}

/** A wanted resource, complete and checked for itself. */
export interface Prepared {
  readonly resource: Resource;
  readonly stored: Resource | undefined;
  readonly action: 'created' | 'configured' | 'unchanged';
  readonly secret: string | undefined;
}

/** A refusal, and which of several wanted resources it is about. */
export interface RefusedAt {
  readonly ok: false;
  readonly problem: Problem;
  readonly at: number;
}

function wantedPart(resource: Resource): string {
  const { spec, metadata } = resource;
  return canonical([spec, metadata.labels ?? {}, metadata.annotations ?? {}]);
}

function actionFor(resource: Resource, stored: Resource | undefined): Prepared['action'] {
  if (stored === undefined) return 'created';
  return wantedPart(resource) === wantedPart(stored) ? 'unchanged' : 'configured';
}

/** A new secret, or none where nothing may be made. */
type Mint = () => { readonly text: string; readonly hash: string } | undefined;

/** The hash a key is to have: the one it was given, the one it has, or that of a new secret. */
function sealed(
  resource: Resource,
  stored: Resource | undefined,
  mint: Mint,
): { readonly spec: Resource['spec']; readonly secret: string | undefined } {
  if (resource.kind !== 'Key' || resource.spec.hash !== undefined)
    return { spec: resource.spec, secret: undefined };
  const kept = stored?.kind === 'Key' ? stored.spec.hash : undefined;
  const minted = kept === undefined ? mint() : undefined;
  const hash = kept ?? minted?.hash;
  return { spec: { ...resource.spec, ...(hash !== undefined && { hash }) }, secret: minted?.text };
}

/** The user's labels, annotations and spec; the platform's status. */
function complete(
  resource: Resource,
  stored: Resource | undefined,
  spec: Resource['spec'],
): Result<Resource> {
  const { name, labels, annotations } = resource.metadata;
  return parseStored(resource.kind, {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec,
    ...(stored?.status && { status: stored.status }),
  });
}

async function prepareOne(view: View, wanted: Wanted, mint: Mint): Promise<Result<Prepared>> {
  const stored: Resource | undefined = await view.get(wanted.kind, wanted.name);
  const made = wanted.make(stored);
  if (!made.ok) return made;
  const expectedVersion = wanted.expectedVersion ?? made.value.metadata.resourceVersion;
  const mayNot = mayChange({ ...wanted, expectedVersion }, stored);
  if (mayNot) return { ok: false, problem: mayNot };
  const { spec, secret } = sealed(made.value, stored, mint);
  const whole = complete(made.value, stored, spec);
  if (!whole.ok) return whole;
  const resource = whole.value;
  const refused = changedForGood(resource, stored);
  if (refused) return { ok: false, problem: refused };
  return { ok: true, value: { resource, stored, action: actionFor(resource, stored), secret } };
}

async function checkTogether(
  deps: AdminDeps,
  view: View,
  prepared: readonly Prepared[],
): Promise<RefusedAt | undefined> {
  const world = { view, engines: deps.engines, blobs: deps.blobs };
  for (const [at, { resource, stored, action }] of prepared.entries()) {
    // What is already so may stay so: a file applied twice must not fail on what broke elsewhere.
    const refused = action === 'unchanged' ? undefined : await checkReferences(world, resource, stored);
    if (refused) return { ok: false, problem: refused, at };
  }
  const at = prepared.findIndex(({ resource }) => resource.kind === 'Key');
  if (at < 0) return undefined;
  const before = await createView(deps.store).list('Key');
  const lost = lastAdminLost(before, await view.list('Key'), deps.clock.nowMs());
  return lost && { ok: false, problem: lost, at };
}

/** Works out what all the wanted resources would be, and checks them one by one and together. Changes nothing. */
export async function prepareAll(
  deps: AdminDeps,
  wanted: readonly Wanted[],
  dryRun: boolean,
): Promise<{ readonly ok: true; readonly prepared: readonly Prepared[] } | RefusedAt> {
  const view = createView(deps.store);
  const mint: Mint = () => (dryRun ? undefined : mintSecret(deps.rng));
  const prepared: Prepared[] = [];
  for (const [at, one] of wanted.entries()) {
    const ready = await prepareOne(view, one, mint);
    if (!ready.ok) return { ok: false, problem: ready.problem, at };
    prepared.push(ready.value);
  }
  for (const { resource } of prepared) view.put(resource);
  return (await checkTogether(deps, view, prepared)) ?? { ok: true, prepared };
}
