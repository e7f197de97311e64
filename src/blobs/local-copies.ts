import type { Blob, Blobs, Digest, Result } from '#contracts';
import { ProblemError } from '#schema';

/** Fetches a blob, going on where an earlier attempt ended. */
async function fetchBlob(far: Blobs, near: Blobs, { digest, sizeBytes }: Blob): Promise<Result<Blob>> {
  const id = `copy-${digest.slice('sha256:'.length)}`;
  const begun = await near.begin({ id, sizeBytes, digest });
  if (!begun.ok) return begun;
  const [first] = begun.value.received;
  const from = first?.from === 0 ? first.to : 0;
  const written = await near.write(id, from, far.read(digest, { from, to: sizeBytes }));
  return written.ok ? near.commit(id) : written;
}

/** Copies of what is no longer kept far away: another machine has deleted it. */
async function dropStale(far: Blobs, near: Blobs): Promise<void> {
  for (const { digest } of await near.list())
    if ((await far.stat(digest)) === undefined) await near.delete(digest);
}

/**
 * Blobs that are kept far away, with copies on this machine of those that an engine wants to map into memory. A copy
 * is made when it is first asked for, and verified as every upload is.
 */
export function withLocalCopies(far: Blobs, near: Blobs): Blobs {
  const fetching = new Map<Digest, Promise<string | undefined>>();

  async function fetchOnce(digest: Digest): Promise<string | undefined> {
    const blob = await far.stat(digest);
    if (blob === undefined) return undefined;
    const copied = await fetchBlob(far, near, blob);
    if (!copied.ok) throw new ProblemError(copied.problem);
    await dropStale(far, near);
    return near.localPath?.(digest);
  }
  return {
    ...far,
    async localPath(digest) {
      const path = await near.localPath?.(digest);
      if (path !== undefined) return path;
      const under = fetching.get(digest) ?? fetchOnce(digest).finally(() => fetching.delete(digest));
      fetching.set(digest, under);
      return under;
    },
    async delete(digest) {
      await far.delete(digest);
      await near.delete(digest);
    },
  };
}
