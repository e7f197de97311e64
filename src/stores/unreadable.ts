import type { Problem, Resource, ResourceKind } from '#schema';
import { resourceSchemas } from '#schema';

/** Something stored that is no resource (any more): written by another version, or edited by hand. */
export interface Unreadable {
  readonly unreadable: Problem;
  readonly version: string;
}

export function isUnreadable(stored: object | undefined): stored is Unreadable {
  return stored !== undefined && 'unreadable' in stored;
}

const lost = 'unreadable';
const version = { model: lost, version: lost };

/** As little as each kind can be: nobody knows what the lost one was. */
const blankSpecs: Readonly<Record<ResourceKind, object>> = {
  Model: {},
  ModelVersion: { ...version, source: 'none' },
  Deployment: version,
  Alias: { deployment: lost },
  Release: { deployment: lost, version: lost },
  Tenant: {},
  Key: {},
  Replica: { ...version, deployment: lost, generation: 0, engine: lost, substrate: lost },
};

/** What watchers are told of an unreadable resource that was deleted: which one it was. */
export function remainsOf({ kind, name }: { readonly kind: ResourceKind; readonly name: string }): Resource {
  return resourceSchemas[kind].parse({ kind, metadata: { name }, spec: blankSpecs[kind] });
}
