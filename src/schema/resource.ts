import { z } from 'zod';
import { aliasSpec, aliasStatus } from './alias.ts';
import { deploymentSpec, deploymentStatus } from './deployment.ts';
import { keySpec, keyStatus } from './key.ts';
import { apiVersion, metadataSchema } from './metadata.ts';
import { modelSpec, modelStatus } from './model.ts';
import { modelVersionSpec, modelVersionStatus } from './model-version.ts';
import { releaseSpec, releaseStatus } from './release.ts';
import { replicaSpec, replicaStatus } from './replica.ts';
import { tenantSpec, tenantStatus } from './tenant.ts';

/** One line for each kind: its plural in URLs, who writes it, what it is. Admin API, SDK, CLI and docs follow. */
export const kinds = {
  Model: { plural: 'models', writer: 'user', summary: 'A model as people speak of it.' },
  ModelVersion: {
    plural: 'modelversions',
    writer: 'user',
    summary: 'One immutable state of a model: its file, by digest.',
  },
  Deployment: {
    plural: 'deployments',
    writer: 'user',
    summary: 'A model version kept running under a name clients ask for.',
  },
  Alias: {
    plural: 'aliases',
    writer: 'user',
    summary: 'Another name for a deployment, changed for the very next request.',
  },
  Release: {
    plural: 'releases',
    writer: 'user',
    summary: 'A new version put beside the one that serves, and tried on a part of the requests.',
  },
  Tenant: { plural: 'tenants', writer: 'user', summary: 'A group that shares keys, limits and a bill.' },
  Key: { plural: 'keys', writer: 'user', summary: 'An API key; only its hash is kept.' },
  Replica: { plural: 'replicas', writer: 'platform', summary: 'One running copy of a deployment.' },
} as const;

export type ResourceKind = keyof typeof kinds;

function resourceOf<K extends ResourceKind, S extends z.ZodType, T extends z.ZodType>(
  kind: K,
  spec: S,
  status: T,
) {
  return z.strictObject({
    apiVersion: z.literal(apiVersion).default(apiVersion).describe('Always `millrace.dev/v1`.'),
    kind: z.literal(kind).describe(kinds[kind].summary),
    metadata: metadataSchema.describe('Name, labels and what the platform keeps about it.'),
    spec: spec.describe('What is wanted.'),
    status: status.optional().describe('What is. Written by the platform; ignored in what you send.'),
  });
}

export const resourceSchemas = {
  Model: resourceOf('Model', modelSpec, modelStatus),
  ModelVersion: resourceOf('ModelVersion', modelVersionSpec, modelVersionStatus),
  Deployment: resourceOf('Deployment', deploymentSpec, deploymentStatus),
  Alias: resourceOf('Alias', aliasSpec, aliasStatus),
  Release: resourceOf('Release', releaseSpec, releaseStatus),
  Tenant: resourceOf('Tenant', tenantSpec, tenantStatus),
  Key: resourceOf('Key', keySpec, keyStatus),
  Replica: resourceOf('Replica', replicaSpec, replicaStatus),
} as const;

export type ResourceOf<K extends ResourceKind> = z.infer<(typeof resourceSchemas)[K]>;
export type Resource = { [K in ResourceKind]: ResourceOf<K> }[ResourceKind];

export type Model = ResourceOf<'Model'>;
export type ModelVersion = ResourceOf<'ModelVersion'>;
export type Deployment = ResourceOf<'Deployment'>;
export type Alias = ResourceOf<'Alias'>;
export type Release = ResourceOf<'Release'>;
export type Tenant = ResourceOf<'Tenant'>;
export type Key = ResourceOf<'Key'>;
export type Replica = ResourceOf<'Replica'>;

export function isKind(name: string): name is ResourceKind {
  return Object.hasOwn(kinds, name);
}

export const kindNames: readonly ResourceKind[] = Object.keys(kinds).filter(isKind);

/** The kind behind a URL's plural, a singular or a CLI word in any case: `deployments`, `deployment`, `Deployment`. */
export function kindNamed(word: string): ResourceKind | undefined {
  const wanted = word.toLowerCase().replaceAll('-', '');
  return kindNames.find((kind) => kinds[kind].plural === wanted || kind.toLowerCase() === wanted);
}

/** One line of the audit log. */
export interface AuditEntry {
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  readonly actor: string;
  readonly tenant: string;
  readonly verb: 'create' | 'update' | 'delete';
  readonly kind: ResourceKind;
  readonly name: string;
  readonly resourceVersion: string;
  readonly reason?: string | undefined;
  /** The spec before and after, as JSON; absent where there was none. A key's hash is left out. */
  readonly before?: unknown;
  readonly after?: unknown;
}
