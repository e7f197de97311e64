import type { Blobs } from '#contracts';

/** What an ended pull has left of a file, by version: good for a later attempt, nothing once that is not made. */
interface Leftovers {
  /** Throws away what is left of another file: the source has changed since. */
  keep(version: string, uploadId: string): Promise<void>;
  discard(version: string): Promise<void>;
}

export function createLeftovers(blobs: Pick<Blobs, 'abort'>): Leftovers {
  const uploads = new Map<string, string>();

  async function discard(version: string): Promise<void> {
    const id = uploads.get(version);
    uploads.delete(version);
    if (id !== undefined) await blobs.abort(id);
  }

  return {
    async keep(version, uploadId) {
      if (uploads.get(version) !== uploadId) await discard(version);
      uploads.set(version, uploadId);
    },
    discard,
  };
}
