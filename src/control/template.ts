import { templateAnnotation, type Deployment, type Replica } from '#schema';
import { fingerprint } from './fingerprint.ts';
import { canonicalJson } from './records.ts';

/** By spec: it is asked for at every look at every replica, and what is stored never changes. */
const known = new WeakMap<Deployment['spec'], string>();

/**
 * Changes when replicas have to be replaced: with the model, the version, the engine or its options; not with limits,
 * counts or addresses.
 */
export function templateOf({ spec }: Deployment): string {
  const { model, version } = spec;
  const { name, options } = spec.engine;
  const template =
    known.get(spec) ?? fingerprint(canonicalJson({ model, version, engine: { name, options } }));
  known.set(spec, template);
  return template;
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
