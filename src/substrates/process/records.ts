import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProcessIdentity } from './identity.ts';

/** What is known of a started process, on disk: it outlives us. */
const recordSchema = z.object({
  replica: z.string().min(1),
  /** As given to the process: `unix:/path` or `tcp:0`. */
  listen: z.string(),
  /** Absent until the process tells it (TCP). */
  endpoint: z.string().optional(),
  /** Absent between the decision to start and the start. */
  pid: z.number().int().positive().optional(),
  started: z.string().optional(),
});

export type ProcessRecord = z.infer<typeof recordSchema>;

/** Whether the note speaks of this very process, not of another under its pid or its name. */
export function isNoteOf(record: ProcessRecord | undefined, { pid, started }: ProcessIdentity): boolean {
  return record !== undefined && record.pid === pid && record.started === started;
}

let written = 0;

/** Whole or not at all, whenever we are killed. */
export async function writeRecord(path: string, record: ProcessRecord): Promise<void> {
  written += 1;
  const draft = `${path}.${process.pid}-${written}.tmp`;
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
  await rename(draft, path);
}

export async function readRecord(path: string): Promise<ProcessRecord | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    return recordSchema.safeParse(content).data;
  } catch {
    return undefined;
  }
}

export async function readRecords(runDir: string): Promise<readonly ProcessRecord[]> {
  const names = await readdir(runDir).catch(() => []);
  // Drafts of a process that was killed while it wrote.
  const left = names.filter((name) => name.endsWith('.tmp') && !name.includes(`.${process.pid}-`));
  await Promise.all(left.map((name) => removeFile(join(runDir, name))));
  const paths = names.filter((name) => name.endsWith('.json')).toSorted();
  const records = await Promise.all(paths.map((name) => readRecord(join(runDir, name))));
  return records.filter((record) => record !== undefined);
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}
