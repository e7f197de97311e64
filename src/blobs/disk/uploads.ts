import { join } from 'node:path';
import { readdir, stat } from 'node:fs/promises';
import type { Result, Upload } from '#contracts';
import { faultOfAnnouncement, faultOfReopening, isUploadId } from '../upload-rules.ts';
import { ifThere, problemOfDisk } from './disk-fault.ts';
import type { OpenUpload } from './open-upload.ts';
import { createOpenUpload } from './open-upload.ts';
import { createFolder, folderOf, loadFolder, removeFolder, type UploadFolder } from './upload-folder.ts';

export interface Uploads {
  begin(wanted: Omit<Upload, 'received'>): Promise<Result<Upload>>;
  find(id: string): Promise<OpenUpload | undefined>;
  /** Forgets an upload that is over. */
  release(id: string): Promise<void>;
}

/** One entry for an id, made before anything is awaited: two who ask at once get the same upload. */
type KnownUploads = Map<string, Promise<OpenUpload | undefined>>;

/** The uploads under way: those of this process, and those that an earlier one left on disk. */
export function createUploads(dir: string, known: KnownUploads = new Map()): Uploads {
  const root = join(dir, 'uploads');

  function keep(id: string, opening: Promise<OpenUpload | undefined>): Promise<OpenUpload | undefined> {
    known.set(id, opening);
    const forget = () => known.get(id) === opening && known.delete(id);
    opening.then((upload) => upload ?? forget(), forget);
    return opening;
  }

  async function load(id: string): Promise<OpenUpload | undefined> {
    const folder = folderOf(root, id);
    const journal = await loadFolder(folder);
    return journal && createOpenUpload(folder, journal);
  }

  async function create(wanted: Omit<Upload, 'received'>): Promise<OpenUpload> {
    const folder = folderOf(root, wanted.id);
    return createOpenUpload(folder, await createFolder(folder, wanted));
  }

  async function find(id: string): Promise<OpenUpload | undefined> {
    if (!isUploadId(id)) return undefined;
    const opening = known.get(id) ?? keep(id, load(id));
    const upload = await opening;
    if (!upload?.isOver()) return upload;
    await upload.abort();
    if (known.get(id) === opening) known.delete(id);
    return undefined;
  }

  return {
    find,
    async release(id) {
      // Whoever asks next tries again to remove what could not be removed now.
      await find(id).catch(() => undefined);
    },
    async begin(wanted) {
      const fault = faultOfAnnouncement(wanted);
      if (fault) return { ok: false, problem: fault };
      try {
        const open =
          (await find(wanted.id)) ?? (await (known.get(wanted.id) ?? keep(wanted.id, create(wanted))));
        const state = open?.state() ?? { ...wanted, received: [] };
        const conflict = faultOfReopening(state, wanted);
        return conflict ? { ok: false, problem: conflict } : { ok: true, value: state };
      } catch (cause) {
        return { ok: false, problem: problemOfDisk(cause) };
      }
    },
  };
}

/** When somebody last wrote to an upload; undefined when it is gone. Without a journal it is begun just now, or was in vain. */
async function lastWrittenMs({ journal, path }: UploadFolder): Promise<number | undefined> {
  const written = (await ifThere(stat(journal))) ?? (await ifThere(stat(path)));
  return written?.mtimeMs;
}

/** Frees what nobody will come back for, and what a crash left before it counted. Returns how many there were. */
export async function removeAbandoned(dir: string, olderThanMs: number): Promise<number> {
  const root = join(dir, 'uploads');
  let removed = 0;
  for (const id of (await ifThere(readdir(root))) ?? []) {
    const folder = folderOf(root, id);
    const lastMs = await lastWrittenMs(folder);
    if (lastMs === undefined || lastMs >= olderThanMs) continue;
    await removeFolder(folder);
    removed += 1;
  }
  return removed;
}
