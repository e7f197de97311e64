import type { Blobs, Engine } from '#contracts';
import {
  engineOptions,
  isReleaseOver,
  didYouMean,
  modelVersionLabel,
  modelVersionName,
  type Alias,
  type Deployment,
  type Key,
  type ModelVersion,
  releaseSteps,
  type Problem,
  type Release,
  type Resource,
  type ResourceKind,
  type Tenant,
} from '#schema';
import { checkDetails } from './details.ts';
import { refusal } from './refusal.ts';
import { checkScaling } from './scaling-checks.ts';
import type { View } from './view.ts';

/** What references are checked against. */
export interface ReferenceWorld {
  readonly view: View;
  readonly engines: ReadonlyMap<string, Engine>;
  readonly blobs: Pick<Blobs, 'stat'>;
}

async function missing(
  world: ReferenceWorld,
  wanted: { readonly kind: ResourceKind; readonly name: string; readonly param: string },
): Promise<Problem | undefined> {
  if ((await world.view.get(wanted.kind, wanted.name)) !== undefined) return undefined;
  const names = (await world.view.list(wanted.kind)).map((one) => one.metadata.name);
  const hint = didYouMean(wanted.name, names);
  return refusal(wanted.param, `There is no ${wanted.kind} "${wanted.name}".${hint}`);
}

async function checkUpload(world: ReferenceWorld, version: ModelVersion): Promise<Problem | undefined> {
  const { source, digest } = version.spec;
  if (source === 'none') return undefined;
  if (source !== 'upload') {
    return /^[a-z][a-z0-9+.-]*:./.test(source)
      ? undefined
      : refusal(
          'spec.source',
          `"spec.source" is "${source}": use "upload", "file:/path", "https://…", "hf:OWNER/REPO/FILE" or "none".`,
        );
  }
  if (digest === undefined)
    return refusal('spec.digest', '"spec.digest" is missing: it says which uploaded file is meant.');
  return (await world.blobs.stat(digest)) === undefined
    ? refusal('spec.digest', `No file with the digest ${digest} has been uploaded. Upload it first.`)
    : undefined;
}

async function checkVersion(
  world: ReferenceWorld,
  version: ModelVersion,
  stored: Resource | undefined,
): Promise<Problem | undefined> {
  const { spec, metadata } = version;
  const name = modelVersionName(spec.model, spec.version);
  if (metadata.name !== name)
    return refusal(
      'metadata.name',
      `The version "${spec.version}" of "${spec.model}" must be named "${name}", not "${metadata.name}".`,
    );
  const noModel = await missing(world, { kind: 'Model', name: spec.model, param: 'spec.model' });
  if (noModel) return noModel;
  const model = await world.view.get('Model', spec.model);
  const stray = model && checkDetails(version, model);
  if (stray || stored !== undefined) return stray;
  if (spec.parent !== undefined) {
    const noParent = await missing(world, { kind: 'ModelVersion', name: spec.parent, param: 'spec.parent' });
    if (noParent) return noParent;
  }
  return await checkUpload(world, version);
}

function checkOptions(engine: Engine, { options, urls }: Deployment['spec']['engine']): Problem | undefined {
  if (urls !== undefined && options['url'] !== undefined)
    return refusal('spec.engine.urls', 'Give "spec.engine.urls" or "spec.engine.options.url", not both.');
  const parsed = engine.parseOptions(engineOptions({ options, urls }));
  if (parsed.ok) return undefined;
  const { param } = parsed.problem;
  const message = `The engine "${engine.name}" refuses its options. ${parsed.problem.message}`;
  const under = 'spec.engine.options';
  if (param === undefined || param === '') return refusal(under, message);
  return refusal(param.startsWith(under) ? param : `${under}.${param}`, message);
}

/** The version must be there, and be of a kind that the engine can load. Some engines load nothing. */
async function checkLoadable(
  world: ReferenceWorld,
  deployment: Deployment,
  engine: Engine,
): Promise<Problem | undefined> {
  if (engine.formats.length === 0) return undefined;
  const name = modelVersionName(deployment.spec.model, deployment.spec.version);
  const gone = await missing(world, { kind: 'ModelVersion', name, param: 'spec.version' });
  if (gone) return gone;
  const format = (await world.view.get('ModelVersion', name))?.status?.format;
  if (format === undefined || engine.formats.includes(format)) return undefined;
  return refusal(
    'spec.engine.name',
    `The engine "${engine.name}" loads ${engine.formats.join(', ')}, but the file of this version is ${format}.`,
  );
}

/** Others may have been taken away since: then they are passed over. */
async function checkFallbacks(
  world: ReferenceWorld,
  { metadata, spec }: Deployment,
): Promise<Problem | undefined> {
  for (const [index, { deployment: name }] of spec.fallbacks.entries()) {
    const param = `spec.fallbacks[${index}].deployment`;
    if (name === metadata.name) return refusal(param, `"${param}" is the deployment itself.`);
    const gone = await missing(world, { kind: 'Deployment', name, param });
    if (gone) return gone;
  }
  return undefined;
}

async function checkDeployment(world: ReferenceWorld, deployment: Deployment): Promise<Problem | undefined> {
  const { metadata } = deployment;
  const { model, scaling, engine: wanted } = deployment.spec;
  if (wanted.urls !== undefined && scaling !== undefined)
    return refusal('spec.scaling', '"spec.engine.urls" says what the replicas are: nothing can scale them.');
  const odd = checkScaling(deployment.spec);
  if (odd) return odd;
  if ((await world.view.get('Alias', metadata.name)) !== undefined) return nameTaken('Alias', metadata.name);
  const engine = world.engines.get(wanted.name);
  if (engine === undefined) {
    const names = [...world.engines.keys()];
    const hint = didYouMean(wanted.name, names);
    return refusal(
      'spec.engine.name',
      `There is no engine "${wanted.name}".${hint} There are: ${names.join(', ')}.`,
    );
  }
  return (
    checkOptions(engine, wanted) ??
    (await missing(world, { kind: 'Model', name: model, param: 'spec.model' })) ??
    (await checkLoadable(world, deployment, engine)) ??
    (await checkFallbacks(world, deployment))
  );
}

function checkSteps({ spec }: Release): Problem | undefined {
  const steps = releaseSteps(spec);
  const grows = steps.every((share, at) => at === 0 || share > (steps[at - 1] ?? 0));
  const message =
    '"spec.steps" must begin below 100, so that there is something to compare. To switch at once use "blue-green".';
  if (spec.strategy !== 'blue-green' && steps.length < 2) return refusal('spec.steps', message);
  if (grows && steps.at(-1) === 1) return undefined;
  return refusal('spec.steps', '"spec.steps" must grow and end with 100, for example [5, 25, 100].');
}

/** Gates that would wait for ever for what cannot come, and those that would be counted twice. */
function checkGates({ spec }: Release): Problem | undefined {
  const names = spec.gates.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return refusal('spec.gates', `The gate "${twice}" is named twice.`);
  if (names.includes('scorer') && spec.scorer === undefined)
    return refusal('spec.scorer', 'The gate "scorer" needs "spec.scorer": who is to judge.');
  if (names.includes('feedback') && spec.strategy === 'shadow')
    return refusal('spec.gates', 'Nobody sees what a shadow answers: "feedback" cannot be one of its gates.');
  return undefined;
}

/** The deployment as it would be with the new version must be one that may be. */
async function checkRelease(world: ReferenceWorld, release: Release): Promise<Problem | undefined> {
  const { deployment: name, version, engine } = release.spec;
  const noDeployment = await missing(world, { kind: 'Deployment', name, param: 'spec.deployment' });
  if (noDeployment) return noDeployment;
  const deployment = await world.view.get('Deployment', name);
  if (deployment === undefined) return undefined;
  const spec = { ...deployment.spec, version, engine: engine ?? deployment.spec.engine };
  const unsound = checkSteps(release) ?? checkGates(release);
  return unsound ?? (await checkDeployment(world, { ...deployment, spec }));
}

/** Two things of one name would hide one another. */
function nameTaken(kind: 'Alias' | 'Deployment', name: string): Problem {
  return refusal('metadata.name', `There is ${kind === 'Alias' ? 'an' : 'a'} ${kind} "${name}" already.`);
}

async function checkAlias(world: ReferenceWorld, { metadata, spec }: Alias): Promise<Problem | undefined> {
  if ((await world.view.get('Deployment', metadata.name)) !== undefined)
    return nameTaken('Deployment', metadata.name);
  return await missing(world, { kind: 'Deployment', name: spec.deployment, param: 'spec.deployment' });
}

/** What a tenant's names stand for must be something that is served. */
async function checkTenant(world: ReferenceWorld, { spec }: Tenant): Promise<Problem | undefined> {
  const wanted = Object.entries(spec.models ?? {});
  if (wanted.length === 0) return undefined;
  const deployments = await world.view.list('Deployment');
  const aliases = await world.view.list('Alias');
  const names = new Set([
    ...[...deployments, ...aliases].map(({ metadata }) => metadata.name),
    ...deployments.flatMap((one) => [one.spec.model, modelVersionLabel(one.spec)]),
  ]);
  const stray = wanted.find(([, target]) => !names.has(target));
  if (stray === undefined) return undefined;
  const [name, target] = stray;
  const hint = didYouMean(target, [...names]);
  return refusal(
    `spec.models.${name}`,
    `Nothing serves "${target}", which "${name}" is to stand for.${hint}`,
  );
}

async function checkKey(world: ReferenceWorld, key: Key): Promise<Problem | undefined> {
  const noTenant = await missing(world, { kind: 'Tenant', name: key.spec.tenant, param: 'spec.tenant' });
  if (noTenant) return noTenant;
  const twin = (await world.view.list('Key')).find(
    (one) =>
      one.metadata.name !== key.metadata.name &&
      one.spec.hash !== undefined &&
      one.spec.hash === key.spec.hash,
  );
  return twin && refusal('spec.hash', `The key "${twin.metadata.name}" already has this secret.`);
}

/** Everything a resource names must be there, or come in the same change. */
export function checkReferences(
  world: ReferenceWorld,
  resource: Resource,
  stored: Resource | undefined,
): Promise<Problem | undefined> {
  if (resource.kind === 'ModelVersion') return checkVersion(world, resource, stored);
  if (resource.kind === 'Deployment') return checkDeployment(world, resource);
  if (resource.kind === 'Release') return checkRelease(world, resource);
  if (resource.kind === 'Key') return checkKey(world, resource);
  if (resource.kind === 'Alias') return checkAlias(world, resource);
  if (resource.kind === 'Tenant') return checkTenant(world, resource);
  return Promise.resolve(undefined);
}

/** Releases that are under way and need the version: as the new one, or as the one to go back to. */
async function releasesBetween(view: View, name: string): Promise<readonly Release[]> {
  const deployments = await view.list('Deployment');
  const open = (await view.list('Release')).filter(
    ({ status }) => !isReleaseOver(status?.state ?? 'pending'),
  );
  return open.filter(({ spec, status }) => {
    const model = deployments.find(({ metadata }) => metadata.name === spec.deployment)?.spec.model ?? '';
    const versions = [spec.version, status?.stable?.version];
    return versions.some((version) => version !== undefined && modelVersionName(model, version) === name);
  });
}

async function usersOfModel(view: View, kind: ResourceKind, name: string): Promise<readonly Resource[]> {
  const deployments = await view.list('Deployment');
  if (kind === 'ModelVersion') {
    const serving = deployments.filter(({ spec }) => modelVersionName(spec.model, spec.version) === name);
    return [...serving, ...(await releasesBetween(view, name))];
  }
  if (kind !== 'Model') return [];
  const versions = await view.list('ModelVersion');
  return [...deployments, ...versions].filter(({ spec }) => spec.model === name);
}

/** What still refers to a resource, as people would say it: `Deployment "chat"`. */
export async function referrersOf(view: View, kind: ResourceKind, name: string): Promise<readonly string[]> {
  const found: Resource[] = [...(await usersOfModel(view, kind, name))];
  if (kind === 'Deployment') {
    found.push(...(await view.list('Alias')).filter(({ spec }) => spec.deployment === name));
    found.push(
      ...(await view.list('Tenant')).filter(({ spec }) => Object.values(spec.models ?? {}).includes(name)),
    );
  }
  if (kind === 'Tenant') found.push(...(await view.list('Key')).filter(({ spec }) => spec.tenant === name));
  return found.map((resource) => `${resource.kind} "${resource.metadata.name}"`);
}
