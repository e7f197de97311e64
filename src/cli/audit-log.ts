import type { AuditEntry, Kind, Millrace } from '@millrace/sdk';

const pageMax = 1000;
const pagesMax = 100;

/** All entries about one kind, newest first; about one resource of it where a name is given. */
export async function kindLog(client: Millrace, kind: Kind, name?: string): Promise<readonly AuditEntry[]> {
  const found = new Map<string, AuditEntry>();
  let until: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const entries = await client.audit({ kind, limit: pageMax, name, until });
    const before = found.size;
    for (const entry of entries) found.set(`${entry.resourceVersion}/${entry.name}`, entry);
    // The end of one page and the beginning of the next share a moment.
    until = entries.at(-1)?.at;
    if (entries.length < pageMax || found.size === before) break;
  }
  return [...found.values()];
}
