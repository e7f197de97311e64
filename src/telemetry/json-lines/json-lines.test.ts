import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsonLinesLog } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the log', () => {
  it('is one JSON object a line, whatever the facts hold', async () => {
    const path = join(folder, 'deep', 'millrace.log');
    const log = createJsonLinesLog({ level: 'info', path });
    log.debug('not-written');
    log.info('platform-started');
    log.warn('things-said', { text: 'a "quote"\nand a line', count: 3, absent: undefined });
    log.error('nothing-known', {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    log.flush();
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { level: 'info', event: 'platform-started' },
      { level: 'warn', event: 'things-said', text: 'a "quote"\nand a line', count: 3 },
      { level: 'error', event: 'nothing-known' },
    ]);
  });

  it('takes a bounded place on the disk', async () => {
    const path = join(folder, 'millrace.log');
    const log = createJsonLinesLog({ level: 'info', path, fileBytesMax: 100_000 });
    for (let n = 0; n < 400; n++) {
      for (let line = 0; line < 50; line++) log.info('line-written', { n, line });
      await new Promise((resolve) => setImmediate(resolve));
    }
    log.flush();
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(300_000);
  });

  it('does not throw when it cannot write', () => {
    writeFileSync(join(folder, 'a-file'), '');
    const log = createJsonLinesLog({ level: 'info', path: join(folder, 'a-file', 'place.log') });
    expect(() => {
      log.info('lost');
      log.flush();
    }).not.toThrow();
  });
});
