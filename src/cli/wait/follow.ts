import type { Kind, Millrace, Resources } from '@millrace/sdk';

interface FollowOptions {
  readonly signal: AbortSignal;
  readonly isWanted: (name: string) => boolean;
}

/** Keeps a map of a kind's resources up to date, calling `changed` once the state is known and after each change. */
export async function follow<K extends Kind>(
  client: Millrace,
  kind: K,
  {
    signal,
    isWanted,
    changed,
  }: FollowOptions & { readonly changed: (all: ReadonlyMap<string, Resources[K]>) => void },
): Promise<void> {
  const known = new Map<string, Resources[K]>();
  let synced = false;
  for await (const event of client.resources(kind).watch({ signal })) {
    if (event.type === 'synced') synced = true;
    else if (isWanted(event.resource.metadata.name)) {
      const { name } = event.resource.metadata;
      if (event.type === 'deleted') known.delete(name);
      else known.set(name, event.resource);
    }
    if (synced) changed(known);
  }
}
