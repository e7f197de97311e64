/**
 * Writes everything that is generated: reference pages, JSON Schemas, the OpenAPI description, the SDK's types.
 * `--check` writes nothing and fails when a committed file is not what would be written.
 */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readVersion } from '../src/app/index.ts';
import { openapiModule } from './generate/openapi.ts';
import { referencePages } from './generate/pages.ts';
import { sdkTypes } from './generate/sdk-types.ts';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

/** Everything in it is generated, so whatever else is there is left over from earlier. */
const ownFolder = 'docs/reference';

const files = new Map<string, string>([
  ...referencePages(),
  ['src/gateway/admin/openapi.gen.ts', openapiModule(readVersion())],
  ['sdk/src/types.gen.ts', sdkTypes()],
]);

async function isCommitted(path: string, text: string): Promise<boolean> {
  return (await readFile(join(root, path), 'utf8').catch(() => undefined)) === text;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function leftOver(): Promise<readonly string[]> {
  const found = await readdir(join(root, ownFolder), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !files.has(path));
}

const stale: string[] = [];
for (const [path, text] of files) {
  if (await isCommitted(path, text)) continue;
  stale.push(path);
  if (!check) await write(path, text);
}
for (const path of await leftOver()) {
  stale.push(path);
  if (!check) await rm(join(root, path));
}

if (stale.length > 0) {
  console.log(`${check ? 'Not as generated' : 'Written'}:\n${stale.map((path) => `  ${path}`).join('\n')}`);
  if (check) console.log('Run: npm run generate');
}
process.exitCode = check && stale.length > 0 ? 1 : 0;
