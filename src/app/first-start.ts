import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  ProblemError,
  apiVersion,
  modelVersionName,
  resourceSchemas,
  type Config,
  type Resource,
} from '#schema';
import type { Rng, Store } from '#contracts';
import { hashSecret } from '#gateway';
import type { HomePaths } from './home/paths.ts';
import { readIfThere, writePrivately } from './home/home.ts';

/** The model that comes along, from wherever the package lies. */
const demoFile = fileURLToPath(new URL('../../models/demo/demo-q8_0.gguf', import.meta.url));

const adminKeyName = 'admin';

export interface FirstStartParts {
  readonly config: Config;
  readonly paths: HomePaths;
  readonly store: Store;
  readonly rng: Rng;
}

function access(secret: string): readonly Resource[] {
  return [
    {
      apiVersion,
      kind: 'Tenant',
      metadata: { name: 'default' },
      spec: { description: 'Everybody, until there are others.', weight: 1 },
    },
    {
      apiVersion,
      kind: 'Key',
      metadata: { name: adminKeyName },
      spec: {
        tenant: 'default',
        scopes: ['admin'],
        priority: 'critical',
        weight: 1,
        hash: hashSecret(secret),
      },
    },
  ];
}

function demo(): readonly Resource[] {
  const spec = { model: 'demo', version: '1' };
  return [
    {
      apiVersion,
      kind: 'Model',
      metadata: { name: 'demo' },
      spec: { task: 'chat', description: 'The small language model that comes with Millrace.' },
    },
    {
      apiVersion,
      kind: 'ModelVersion',
      metadata: { name: modelVersionName(spec.model, spec.version) },
      spec: { ...spec, source: `file:${demoFile}` },
    },
    resourceSchemas.Deployment.parse({ kind: 'Deployment', metadata: { name: 'demo' }, spec }),
  ];
}

/**
 * What a new home gets: a tenant, an administrator's key and, unless configured otherwise, the demo model. The key's
 * file is written before the store knows its hash: whenever the process dies, the next start finds the two together
 * or can finish the work. Returns the key when it was made just now: to be called once the platform listens, so that
 * the start that makes the key is the one that shows it.
 */
export async function prepareFirstStart({
  config,
  paths,
  store,
  rng,
}: FirstStartParts): Promise<string | undefined> {
  if ((await store.get('Key', adminKeyName)) !== undefined || (await store.version()) !== '0')
    return undefined;
  const kept = readIfThere(paths.adminKey);
  const secret = kept ?? `mr_${rng.secretHex(32)}`;
  writePrivately(paths.adminKey, `${secret}\n`);
  const resources = [...access(secret), ...(config.demo && existsSync(demoFile) ? demo() : [])];
  const committed = await store.commit(
    resources.map((resource) => ({ verb: 'put', resource, expectedVersion: '' })),
    { name: 'first-start', tenant: 'system', reason: 'A new home directory' },
  );
  if (committed.ok) return secret;
  if (committed.problem.code !== 'version_conflict') throw new ProblemError(committed.problem);
  // Another process of the cluster was first: the key is in its home.
  if (kept === undefined) rmSync(paths.adminKey, { force: true });
  return undefined;
}
