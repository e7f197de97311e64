import { templateAnnotation, type Deployment, type Replica } from '#schema';
import { fingerprint } from './fingerprint.ts';
import { canonicalJson } from './records.ts';

/**
 * Changes when replicas have to be replaced: with the model, the version, the engine or its options; not with limits,
 * counts or addresses.
 */
export function templateOf({ spec: { model, version, engine } }: Deployment): string {
  const { name, options } = engine;
  return fingerprint(canonicalJson({ model, version, engine: { name, options } }));
}

export function isUpToDate(replica: Replica, template: string): boolean {
  return replica.metadata.annotations?.[templateAnnotation] === template;
}

interface NewReplica {
  readonly name: string;
  readonly site: { readonly substrate: string; readonly node?: string | undefined };
  readonly since: string;
  /** Of an endpoint that already runs. */
  readonly address?: string | undefined;
}

export function replicaFrom(deployment: Deployment, { name, site, since, address }: NewReplica): Replica {
  const { spec, metadata } = deployment;
  return {
    apiVersion: deployment.apiVersion,
    kind: 'Replica',
    metadata: { name, annotations: { [templateAnnotation]: templateOf(deployment) } },
    spec: {
      deployment: metadata.name,
      model: spec.model,
      version: spec.version,
      generation: metadata.generation ?? 1,
      engine: spec.engine.name,
      substrate: site.substrate,
      ...(site.node === undefined ? {} : { node: site.node }),
      address,
    },
    status: { state: 'starting', since },
  };
}
