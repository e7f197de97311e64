import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createThreadScorer } from './scorer.ts';

let folder: string;
let said: string[];
let scorer: ReturnType<typeof createThreadScorer>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scorer-'));
  said = [];
  const note = (event: string, facts?: unknown): void => void said.push(event + JSON.stringify(facts));
  scorer = createThreadScorer({ log: { debug: note, info: note, warn: note, error: note } });
});

afterEach(async () => {
  await scorer.close();
  rmSync(folder, { recursive: true });
});

const facts = {
  requestId: 'req_1',
  tenant: 'default',
  deployment: 'chat',
  endpoint: '/v1/chat/completions',
  stream: false,
} as const;

function judge(source: string) {
  writeFileSync(join(folder, 'scorer.mjs'), source);
  const spec = { module: pathToFileURL(join(folder, 'scorer.mjs')).href, timeoutMs: 1000, memoryMb: 32 };
  return (text: string): Promise<unknown> =>
    new Promise((resolve) => {
      scorer.score({ spec, facts, request: Buffer.from('{"wanted":"Paris"}'), text }, (made) => {
        resolve(made.ok ? made.value : made.problem.code);
      });
    });
}

describe('a scorer in a thread', () => {
  it('judges what was answered by what was asked, and keeps its faults to the log', async () => {
    const score = judge(`export function score({ request, text }, { requestId }) {
      if (text === 'fault') throw new Error('secret of ' + requestId);
      if (text === 'much') return 2;
      return text.includes(request.wanted) ? 1 : 0.25;
    }`);
    expect(await score('It is "Paris".')).toBe(1);
    expect(await score('Rome')).toBe(0.25);
    expect(await score('much')).toBe('step_failed');
    expect(await score('fault')).toBe('step_failed');
    expect(said.join(' ')).toContain('secret of req_1');
  });

  it('that takes too long is stopped, and judges the next answer again', async () => {
    const score = judge(`export const score = ({ text }) => { while (text === 'long'); return 1; };`);
    const both = [score('long'), score('short')];
    expect(await Promise.all(both)).toEqual(['step_timeout', 1]);
  });
});
