import { appendFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Upload } from '#contracts';
import { ifThere } from './disk-fault.ts';
import type { Journal } from './journal.ts';
import { announcedEntry, contentEntry, parseJournal } from './journal.ts';

/** An upload on disk: `data`, as long as announced from the start, and the `journal` that says what of it counts. */
export interface UploadFolder {
  readonly path: string;
  readonly data: string;
  readonly journal: string;
}

export function folderOf(uploads: string, id: string): UploadFolder {
  const path = join(uploads, id);
  return { path, data: join(path, 'data'), journal: join(path, 'journal') };
}

/** The journal comes last, under its name in one step: a folder without one was never acknowledged. */
export async function createFolder(folder: UploadFolder, upload: Omit<Upload, 'received'>): Promise<Journal> {
  await rm(folder.path, { recursive: true, force: true });
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  const data = await open(folder.data, 'w', 0o600);
  try {
    await data.truncate(upload.sizeBytes);
  } finally {
    await data.close();
  }
  await writeFile(`${folder.journal}.new`, announcedEntry(upload), { mode: 0o600 });
  await rename(`${folder.journal}.new`, folder.journal);
  return { upload: { ...upload, received: [] }, content: undefined };
}

/** What an earlier process left; undefined when there is nothing to go on with. */
export async function loadFolder(folder: UploadFolder): Promise<Journal | undefined> {
  const text = await ifThere(readFile(folder.journal, 'utf8'));
  const journal = text === undefined ? undefined : parseJournal(text);
  if (!journal || journal.content !== undefined) return journal;
  return (await ifThere(stat(folder.data))) ? journal : undefined;
}

/** Notes what the content was found to be, before the data gets its final name. */
export async function noteContent(folder: UploadFolder, digest: string): Promise<void> {
  await appendFile(folder.journal, contentEntry(digest));
}

export async function removeFolder(folder: UploadFolder): Promise<void> {
  await rm(folder.path, { recursive: true, force: true });
}
