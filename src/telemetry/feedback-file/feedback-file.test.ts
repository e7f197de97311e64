import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedbackEntry } from '#contracts';
import { createFeedbackFile } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feedback-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const entryOf = (requestId: string): FeedbackEntry => ({
  at: '2026-01-01T00:00:00.000Z',
  requestId,
  tenant: 'default',
  key: 'app',
  deployment: 'chat',
  model: 'chat@1',
  rating: 5,
});
const idsIn = (path: string): readonly unknown[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).requestId);

describe('feedback in a file', () => {
  it('is there when it was acknowledged, in order, and goes on after a restart', async () => {
    const path = join(folder, 'deep', 'feedback.jsonl');
    const first = createFeedbackFile({ path });
    await Promise.all(['a', 'b', 'c'].map((id) => first.append(entryOf(id))));
    expect(idsIn(path)).toEqual(['a', 'b', 'c']);
    await first.append(entryOf('d'));
    await first.close();
    const second = createFeedbackFile({ path });
    await second.append(entryOf('e'));
    expect(idsIn(path)).toEqual(['a', 'b', 'c', 'd', 'e']);
    await second.close();
  });

  it('is whole after a crash in the midst of a write: what was not acknowledged goes, and takes nothing with it', async () => {
    const path = join(folder, 'feedback.jsonl');
    const first = createFeedbackFile({ path });
    await first.append(entryOf('a'));
    await first.close();
    writeFileSync(path, '{"at":"2026-01-01T00:00', { flag: 'a' });
    const second = createFeedbackFile({ path });
    await second.append(entryOf('b'));
    await second.close();
    expect(idsIn(path)).toEqual(['a', 'b']);
    writeFileSync(path, '{"at":');
    const third = createFeedbackFile({ path });
    await third.append(entryOf('c'));
    await third.close();
    expect(idsIn(path)).toEqual(['c']);
  });

  it('is refused by name while the disk is full', async (context) => {
    if (!existsSync('/dev/full')) context.skip('there is no /dev/full');
    const file = createFeedbackFile({ path: '/dev/full' });
    const refused = { problem: { code: 'storage_full' } };
    await expect(file.append(entryOf('a'))).rejects.toMatchObject(refused);
    await expect(file.append(entryOf('b'))).rejects.toMatchObject(refused);
    await file.close();
  });

  it('takes a bounded place: what is oldest goes', async () => {
    const path = join(folder, 'feedback.jsonl');
    const file = createFeedbackFile({ path, fileBytesMax: 1000 });
    for (let at = 0; at < 40; at += 1) await file.append(entryOf(`request-${at}`));
    await file.close();
    expect(readFileSync(path).length + readFileSync(`${path}.1`).length).toBeLessThan(2500);
    expect(idsIn(path).at(-1)).toBe('request-39');
  });
});
