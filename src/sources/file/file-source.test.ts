import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openFile, readRange, testSource } from '../../../test/conformance/source.ts';
import { createFileSource } from './file-source.ts';

async function prepare(content: Buffer) {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-source-'));
  const path = join(dir, 'model.gguf');
  writeFileSync(path, content);
  return {
    source: createFileSource(),
    uri: `file:${path}`,
    missingUri: `file:${path}.missing`,
    replace: async (other: Buffer) => {
      rmSync(path);
      writeFileSync(path, other);
    },
    close: async () => rmSync(dir, { recursive: true }),
  };
}

testSource({ name: 'file', ranged: true, prepare });

const never = new AbortController().signal;

test('a path with odd characters is read when it is written as a URL', async () => {
  const place = await prepare(Buffer.from('x'));
  const odd = join(new URL(place.uri).pathname, '..', 'a b#c?d%e.gguf');
  writeFileSync(odd, 'odd');
  const file = await openFile(place.source, pathToFileURL(odd).href);
  expect(file.name).toBe('a b#c?d%e.gguf');
  expect((await readRange(file, { from: 0, to: 3 })).toString()).toBe('odd');
  await place.close();
});

test('what is no file, a relative path and another host are refused', async () => {
  const place = await prepare(Buffer.from('x'));
  const dir = new URL('.', place.uri).pathname;
  mkdirSync(join(dir, 'folder'));
  expect(await place.source.open(`file:${dir}folder`, never)).toMatchObject({
    ok: false,
    problem: { code: 'invalid_resource', message: `${dir}folder is not a regular file.` },
  });
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, 'pipe')]);
  expect(await place.source.open(`file:${dir}pipe`, never)).toMatchObject({
    problem: { code: 'invalid_resource' },
  });
  expect(await place.source.open(`file:${dir}nothing`, never)).toMatchObject({
    problem: { code: 'not_found', message: `${dir}nothing does not exist on the platform's machine.` },
  });
  for (const uri of ['file:model.gguf', 'file://elsewhere/model.gguf', 'file:/x?y', 'file:/x#y']) {
    expect(await place.source.open(uri, never)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request' },
    });
  }
  await place.close();
});

test('a file that changes while it is read is not passed off as one', async () => {
  const place = await prepare(Buffer.alloc(100));
  const file = await openFile(place.source, place.uri);
  await place.replace(Buffer.alloc(100, 1));
  await expect(readRange(file, { from: 0, to: 100 })).rejects.toThrow(/has changed/);
  await place.close();
});
