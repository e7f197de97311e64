import type { Kind, Resources } from '@millrace/sdk';
import { wantedReplicasOf } from '#schema';
import { ageText, bytesText, percentText } from './units.ts';
import { table } from './table.ts';

type Of<K extends Kind> = Resources[K];
type AnyResource = Resources[Kind];

interface Columns<K extends Kind> {
  readonly headings: readonly string[];
  readonly row: (resource: Of<K>) => readonly string[];
}

function versionState({ status }: Of<'ModelVersion'>): string {
  if (status === undefined) return 'pending';
  const { state, receivedBytes, sizeBytes } = status;
  return state === 'pulling' && receivedBytes !== undefined && sizeBytes
    ? `pulling ${percentText(receivedBytes / sizeBytes)}`
    : state;
}

function replicaState({ status }: Of<'Replica'>): string {
  if (status === undefined) return 'starting';
  const { state, loadedFraction } = status;
  return state === 'loading' && loadedFraction !== undefined
    ? `loading ${percentText(loadedFraction)}`
    : state;
}

/** What a list shows of each kind, besides name and age. */
const columns: { readonly [K in Kind]: Columns<K> } = {
  Model: {
    headings: ['TASK', 'DESCRIPTION'],
    row: ({ spec }) => [spec.task, spec.description ?? ''],
  },
  ModelVersion: {
    headings: ['MODEL', 'VERSION', 'STATE', 'FORMAT', 'SIZE', 'SOURCE'],
    row: (version) => {
      const { spec, status } = version;
      const size = status?.sizeBytes === undefined ? '' : bytesText(status.sizeBytes);
      const format = status?.format ?? spec.format ?? '';
      return [spec.model, spec.version, versionState(version), format, size, spec.source];
    },
  },
  Deployment: {
    headings: ['MODEL', 'ENGINE', 'READY', 'MESSAGE'],
    row: ({ spec, status }) => [
      `${spec.model}@${spec.version}`,
      spec.engine.name,
      `${status?.readyReplicas ?? 0}/${wantedReplicasOf({ spec, status })}`,
      status?.message ?? '',
    ],
  },
  Alias: {
    headings: ['DEPLOYMENT', 'DESCRIPTION'],
    row: ({ spec }) => [spec.deployment, spec.description ?? ''],
  },
  Release: {
    headings: ['DEPLOYMENT', 'VERSION', 'STATE', 'SHARE', 'MESSAGE'],
    row: ({ spec, status }) => [
      spec.deployment,
      spec.version,
      status?.state ?? 'pending',
      status?.split === undefined ? '' : percentText(status.split.share),
      status?.message ?? '',
    ],
  },
  Tenant: {
    headings: ['MODELS OF ITS OWN', 'DESCRIPTION'],
    row: ({ spec }) => [
      Object.entries(spec.models ?? {})
        .map(([name, target]) => `${name}: ${target}`)
        .join(', '),
      spec.description ?? '',
    ],
  },
  Key: {
    headings: ['TENANT', 'SCOPES', 'EXPIRES'],
    row: ({ spec }) => [spec.tenant, spec.scopes.join(','), spec.expiresAt ?? 'never'],
  },
  Replica: {
    headings: ['DEPLOYMENT', 'MODEL', 'STATE', 'NODE', 'MESSAGE'],
    row: (replica) => {
      const { spec, status } = replica;
      const model = `${spec.model}@${spec.version}`;
      return [spec.deployment, model, replicaState(replica), spec.node ?? '', status?.message ?? ''];
    },
  },
};

/** Tells the kinds apart, so that each resource meets the columns of its own. */
function rowOf(resource: AnyResource): readonly string[] {
  if (resource.kind === 'Model') return columns.Model.row(resource);
  if (resource.kind === 'ModelVersion') return columns.ModelVersion.row(resource);
  if (resource.kind === 'Deployment') return columns.Deployment.row(resource);
  if (resource.kind === 'Alias') return columns.Alias.row(resource);
  if (resource.kind === 'Release') return columns.Release.row(resource);
  if (resource.kind === 'Tenant') return columns.Tenant.row(resource);
  if (resource.kind === 'Key') return columns.Key.row(resource);
  return columns.Replica.row(resource);
}

/** Where one process is the whole platform its replicas have no nodes, and nobody wants to see that. */
function withoutEmptyNodes(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const at = headings.indexOf('NODE');
  if (at < 0 || rows.some((row) => row[at] !== '')) return table(headings, rows);
  return table(
    headings.toSpliced(at, 1),
    rows.map((row) => row.toSpliced(at, 1)),
  );
}

/** A list of resources of one kind. */
export function resourceTable(kind: Kind, resources: readonly AnyResource[], nowMs: number): string {
  const rows = resources.map((resource) => [
    resource.metadata.name,
    ...rowOf(resource),
    ageText(resource.metadata.createdAt, nowMs),
  ]);
  return withoutEmptyNodes(['NAME', ...columns[kind].headings, 'AGE'], rows);
}
