import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { scenarioSchema, type WorkloadSpec } from '#schema';
import type { Arrival } from './arrival.ts';
import { createWorkload, mergeWorkloads } from './workload.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-workload-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

function specOf(given: object): WorkloadSpec {
  const parsed = scenarioSchema.parse({ name: 'x', durationS: 1, workloads: [given] });
  const [spec] = parsed.workloads;
  if (spec === undefined) throw new Error('no workload');
  return spec;
}

function take(spec: WorkloadSpec, untilMs = Infinity, seed = 1): readonly Arrival[] {
  const workload = createWorkload(spec, seed);
  const taken: Arrival[] = [];
  for (let one = workload.next().value; one !== undefined && one.atMs < untilMs; one = workload.next().value)
    taken.push(one);
  return taken;
}

/** Mean and coefficient of variation of the gaps. */
function gapsOf(arrivals: readonly Arrival[]): { mean: number; cv: number } {
  const gaps = arrivals.map(({ atMs }, at) => atMs - (arrivals[at - 1]?.atMs ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return { mean, cv: Math.sqrt(variance) / mean };
}

function openFiles(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0;
}

function recordedAsk(request: number, at: number): object {
  const ask = { tenant: 'acme', promptFrom: 10, promptTo: 410, bodyBytes: 500 };
  return { in: 'ask', at, request, ask, prefix: [11, 12, 13, 14] };
}

describe('workloads', () => {
  test.each([0, 1, 4])('a constant rate has gaps with the coefficient of variation %d', (cv) => {
    const arrivals = take(specOf({ kind: 'poisson', ratePerS: 50, cv }), 2_000_000);
    const { mean, cv: found } = gapsOf(arrivals);
    expect(mean).toBeGreaterThan(19);
    expect(mean).toBeLessThan(21);
    expect(Math.abs(found - cv)).toBeLessThan(0.05 * Math.max(1, cv));
  });

  test('lengths have the mean and the spread that were asked for', () => {
    const arrivals = take(
      specOf({ kind: 'poisson', ratePerS: 50, prompt: { mean: 700, cv: 1.5 } }),
      1_000_000,
    );
    const tokens = arrivals.map(({ promptTokens }) => promptTokens);
    const mean = tokens.reduce((sum, value) => sum + value, 0) / tokens.length;
    expect(mean).toBeGreaterThan(680);
    expect(mean).toBeLessThan(720);
  });

  test('a trace of requests is replayed at its times, with its tokens and blocks', () => {
    const csv = file('a.csv', 't_s,input_tokens,output_tokens\n0.0,374,44\n4.5,396,109\n');
    const dated = file(
      'dated.csv',
      't_s,input_tokens,output_tokens\n1795812332,374,44\n1795812336.5,396,109\n',
    );
    expect(take(specOf({ kind: 'file', path: dated }))).toEqual(take(specOf({ kind: 'file', path: csv })));
    expect(take(specOf({ kind: 'file', path: csv }))).toMatchObject([
      { atMs: 0, promptTokens: 374, outputTokens: 44 },
      { atMs: 4500, promptTokens: 396, outputTokens: 109 },
    ]);
    const lines = '{"timestamp": 3000, "input_length": 600, "output_length": 5, "hash_ids": [0, 1]}\n';
    const jsonl = file('b.jsonl.gz', lines);
    expect(take(specOf({ kind: 'file', path: jsonl, speed: 2 }))).toMatchObject([
      { atMs: 1500, promptTokens: 600, outputTokens: 5, blocks: [0, 1] },
    ]);
    expect(take(specOf({ kind: 'file', path: csv, scale: 3 }))).toHaveLength(6);
    expect(take(specOf({ kind: 'file', path: csv, fromS: 4 }))).toMatchObject([{ atMs: 500 }]);
  });

  test('a rate over time is followed', () => {
    const path = file('rate.csv', 't_s,requests\n0,600\n600,0\n1200,6000\n');
    const moments = take(specOf({ kind: 'rate', path })).map(({ atMs }) => atMs / 1000);
    const within = (from: number, to: number): number => moments.filter((at) => at >= from && at < to).length;
    expect(Math.abs(within(0, 600) - 600)).toBeLessThan(100);
    expect(within(600, 1200)).toBe(0);
    expect(Math.abs(within(1200, 1800) - 6000)).toBeLessThan(300);
    expect(moments.every((at, index) => at >= (moments[index - 1] ?? 0))).toBe(true);
  });

  test('clients are regenerated with their numbers, in the order of time', () => {
    const path = file('clients.csv', 'client,t_s,requests,cv\n0,0,600,1\n1,0,300,5\n0,600,60,1\n');
    const moments = take(specOf({ kind: 'servegen', path })).map(({ atMs }) => atMs);
    expect(moments.every((at, index) => at >= (moments[index - 1] ?? 0))).toBe(true);
    const first = moments.filter((at) => at < 600_000).length;
    expect(first).toBeGreaterThan(600);
    expect(first).toBeLessThan(1300);
  });

  test('a recording of a platform is a workload, with the tokens of those that were answered', () => {
    const lines = [
      { recording: 'millrace', format: 1, epochMs: 0 },
      recordedAsk(1, 5000),
      recordedAsk(2, 5250),
      { in: 'end', call: 1, promptTokens: 90, completionTokens: 7, at: 6000 },
      { do: 'send', call: 2 },
      { do: 'end', request: 1 },
      { do: 'fail', request: 2, code: 'overloaded' },
    ];
    const cut = '{"in":"ask","at":61';
    const path = file('day.jsonl', [...lines.map((line) => JSON.stringify(line)), cut].join('\n'));
    expect(take(specOf({ kind: 'recording', path, scale: 3 }))).toHaveLength(6);
    expect(take(specOf({ kind: 'recording', path, output: { mean: 30 } }))).toEqual([
      { atMs: 0, promptTokens: 90, outputTokens: 7, blocks: [12, 14], tenant: 'acme' },
      { atMs: 250, promptTokens: 100, outputTokens: 30, blocks: [12, 14], tenant: 'acme' },
    ]);
  });

  test('several workloads come in the order of time', () => {
    const [fast, slow] = [5, 2].map((ratePerS) => specOf({ kind: 'poisson', ratePerS }));
    if (fast === undefined || slow === undefined) throw new Error('no workloads');
    const merged = mergeWorkloads([createWorkload(fast, 1), createWorkload(slow, 2)]);
    let beforeMs = 0;
    for (let count = 0; count < 1000; count++) {
      const { value } = merged.next();
      expect(value?.atMs ?? -1).toBeGreaterThanOrEqual(beforeMs);
      beforeMs = value?.atMs ?? 0;
    }
  });

  test('a file that cannot be used is refused with the reason', () => {
    expect(() => take(specOf({ kind: 'file', path: join(folder, 'none.csv') }))).toThrow(/none.csv/);
    const csv = file('c.csv', 'when,what\n1,2\n');
    expect(() => take(specOf({ kind: 'file', path: csv }))).toThrow(/none of t_s/);
  });

  test.each([
    ['file', 't_s\n0\n99\n1\n', /line 4 is earlier/],
    ['file', 't_s,input_tokens\n0,5\n1,-5\n', /line 3 has -5 for input_tokens/],
    ['file', 't_s,input_tokens\n0,many\n', /line 2 has "many" for input_tokens, which is no number/],
    ['file', 't_s,prompt_tokens\n0,-5\n', /line 2 has -5 for prompt_tokens/],
    ['file', 't_s\n-5\n1\n', /line 2 has -5 for t_s/],
    ['file', 'T_S;tokens\n0;5\n', /line 2 has none of t_s.*it has T_S;tokens/],
    ['file', 't_s,why\n0,"two\n', /line 2 has a quoted cell that does not end/],
    ['file', '{"t_s":0,"hash_ids":["a"]}\n', /line 1 has \["a"\] for hash_ids/],
    ['file', 't_s\n', /no request/],
    ['file', '', /no request/],
    ['rate', 't_s,requests\n0,-5\n60,10\n', /line 2 has -5 for requests/],
    ['rate', 't_s,requests\n0,5\n0,10\n', /line 3 begins no later/],
    ['rate', 't_s,requests\n-60,5\n0,10\n', /line 2 has -60 for t_s/],
    ['rate', 't_s,requests\n', /no window/],
    ['servegen', 'client,t_s,requests,cv\n0,-600,6,1\n', /line 2 has -600 for t_s/],
    ['recording', '{"t_s":0}\n', /does not begin as a recording/],
    ['recording', '{"recording":"millrace"}\n', /no request/],
    ['servegen', 'client,t_s,requests,cv\n', /no request/],
  ] as const)('a broken file of the kind %s (%j) is refused, with the line', (kind, text, why) => {
    const path = file('broken.csv', text);
    expect(() => take(specOf({ kind, path }), 1000)).toThrow(why);
  });

  test('a mark of byte order, other ends of lines, blank lines and parts of tokens do no harm', () => {
    const path = file('odd.csv', '\uFEFFt_s,input_tokens,output_tokens\r\n\r\n0,10.4,2.6\r\n2000000,7,\r\n');
    const found = take(specOf({ kind: 'file', path, output: { mean: 9 } }));
    expect(found.map(({ atMs, promptTokens, outputTokens }) => [atMs, promptTokens, outputTokens])).toEqual([
      [0, 10, 3],
      [2e9, 7, 9],
    ]);
  });

  test('cells may be quoted, and those that are left blank are drawn', () => {
    const text = '"t_s","what","input_tokens"\n"0","he said ""1, 2""",50\n1,5" pipe, \n';
    const found = take(specOf({ kind: 'file', path: file('quoted.csv', text), prompt: { mean: 9 } }));
    expect(found.map(({ atMs, promptTokens }) => [atMs, promptTokens])).toEqual([
      [0, 50],
      [1000, 9],
    ]);
  });

  test('lines of JSON are known by their first one, whatever the file is called', () => {
    const path = file('asked.log', '{"t_s": 1, "prompt_tokens": 7}\n');
    expect(take(specOf({ kind: 'file', path }))).toMatchObject([{ atMs: 1000, promptTokens: 7 }]);
  });

  test('a file is read as far as it is asked for, and let go of when nobody asks any more', () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => `${at},100,10`).join('\n');
    const path = file('long.csv', `t_s,input_tokens,output_tokens\n${rows}\nbroken,,\n`);
    const before = openFiles();
    const merged = mergeWorkloads([createWorkload(specOf({ kind: 'file', path }), 1)]);
    expect(merged.next().value).toMatchObject({ atMs: 0 });
    merged.return(undefined);
    expect(openFiles()).toBe(before);
    expect(() => take(specOf({ kind: 'file', path }))).toThrow(/line 100002 has "broken"/);
  });

  test('windows of a rate may differ in length, and a run may begin within one', () => {
    const path = file('uneven.csv', 't_s,requests\n0,600\n600,5400\n6000,600\n');
    const count = (fromS: number): number => take(specOf({ kind: 'rate', path, fromS })).length;
    expect(Math.abs(count(0) - 6600)).toBeLessThan(400);
    const moments = take(specOf({ kind: 'rate', path, fromS: 300 })).map(({ atMs }) => atMs);
    expect(moments.filter((at) => at < 300_000).length).toBeGreaterThan(200);
  });

  test('a single window of a rate is a minute long', () => {
    const path = file('one.csv', 't_s,requests\n0,600\n');
    const moments = take(specOf({ kind: 'rate', path })).map(({ atMs }) => atMs);
    expect(moments.length).toBeGreaterThan(500);
    expect(Math.max(...moments)).toBeLessThan(60_000);
  });
});
