import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './repository.ts';

/** A small house with the real law, and in it one fault of each kind. */
const sound = {
  'schema/index.ts': "export * from './shape.ts';\n",
  'schema/shape.ts': 'export interface Shape {\n  readonly name: string;\n}\n',
  'contracts/index.ts': "export type { Needs } from './needs.ts';\n",
  'contracts/needs.ts':
    "import type { Shape } from '#schema';\n\nexport interface Needs {\n  readonly shape: Shape;\n}\n",
  'policies/index.ts': "export * from './sound.ts';\n",
  'policies/sound.ts':
    "import type { Shape } from '#schema';\n\nexport function decideName(shape: Shape): string {\n  return shape.name;\n}\n",
  'control/index.ts': "export * from './agenda.ts';\n",
  'control/agenda.ts': 'export const agenda = 1;\n',
  'stores/index.ts': "export * from './memory/index.ts';\nexport * from './other/index.ts';\n",
  'stores/memory/index.ts': "export * from './memory-store.ts';\n",
  'stores/memory/memory-store.ts': 'export const memory = 1;\n',
  'stores/other/index.ts': "export * from './other-store.ts';\n",
  'stores/other/other-store.ts': 'export const other = 2;\n',
};

interface Fault {
  readonly what: string;
  readonly file: string;
  readonly code: string;
  /** The rule that must speak up. */
  readonly rule: string;
}

const importFaults: readonly Fault[] = [
  {
    what: 'a policy that reads files',
    file: 'policies/reads.ts',
    code: "import { readFileSync } from 'node:fs';\n\nexport const text = String(readFileSync);\n",
    rule: 'pure-policies',
  },
  {
    what: 'a schema that imports another library than zod',
    file: 'schema/library.ts',
    code: "import { parse } from 'yaml';\n\nexport const read = parse;\n",
    rule: 'pure-schema',
  },
  {
    what: 'a gateway that knows control',
    file: 'gateway/knows.ts',
    code: "import { agenda } from '#control';\n\nexport const seen = agenda;\n",
    rule: 'room-gateway',
  },
  {
    what: 'a dispatch that knows control',
    file: 'dispatch/knows.ts',
    code: "import { agenda } from '#control';\n\nexport const seen = agenda;\n",
    rule: 'room-dispatch',
  },
  {
    what: 'a back door',
    file: 'control/back-door.ts',
    code: "import { decideName } from '../policies/sound.ts';\n\nexport const decide = decideName;\n",
    rule: 'front-door-only',
  },
  {
    what: 'two adapters that know each other',
    file: 'stores/other/knows.ts',
    code: "import { memory } from '../memory/index.ts';\n\nexport const seen = memory;\n",
    rule: 'adapters-do-not-know-each-other',
  },
  {
    what: 'a simulator with a real adapter',
    file: 'sim/real.ts',
    code: "import { other } from '../stores/other/index.ts';\n\nexport const seen = other;\n",
    rule: 'sim-uses-reference-adapters',
  },
  {
    what: 'a product that needs a development tool',
    file: 'app/tool.ts',
    code: "import { test } from 'fast-check';\n\nexport const seen = test;\n",
    rule: 'not-to-dev-dep',
  },
  {
    what: 'an import that leads nowhere',
    file: 'cli/nowhere.ts',
    code: "import { nothing } from '#nowhere';\n\nexport const seen: unknown = nothing;\n",
    rule: 'not-to-unresolvable',
  },
];

const lintFaults: readonly Fault[] = [
  {
    what: 'time of its own in dispatch',
    file: 'dispatch/time.ts',
    code: 'export const nowMs = Date.now();\n',
    rule: 'no-ambient-world',
  },
  {
    what: 'a new Date in control',
    file: 'control/date.ts',
    code: 'export const now = new Date();\n',
    rule: 'no-ambient-world',
  },
  {
    what: 'chance of its own in a policy',
    file: 'policies/chance.ts',
    code: 'export const chance = Math.random();\n',
    rule: 'no-ambient-world',
  },
  {
    what: 'an error without a code',
    file: 'stores/other/bare.ts',
    code: "export function refuse(): never {\n  throw new Error('no');\n}\n",
    rule: 'catalogued-errors',
  },
  {
    what: 'the environment outside the configuration',
    file: 'gateway/environment.ts',
    code: "export const home = process.env['HOME'];\n",
    rule: 'no-env-outside-config',
  },
  {
    what: 'a default export',
    file: 'gateway/by-default.ts',
    code: 'export default 1;\n',
    rule: 'no-default-export',
  },
  {
    what: 'four parameters',
    file: 'gateway/four.ts',
    code: 'export function four(a: number, b: number, c: number, d: number): number {\n  return a + b + c + d;\n}\n',
    rule: 'max-params',
  },
  {
    what: 'a function of 60 lines',
    file: 'gateway/long.ts',
    code: `export function long(): number {\n  let sum = 0;\n${'  sum += 1;\n'.repeat(58)}  return sum;\n}\n`,
    rule: 'max-lines-per-function',
  },
  {
    what: 'a file name in another style',
    file: 'gateway/otherStyle.ts',
    code: 'export const otherStyle = 1;\n',
    rule: 'filename-case',
  },
  {
    what: 'any',
    file: 'gateway/anything.ts',
    code: 'export function take(thing: any): string {\n  return String(thing);\n}\n',
    rule: 'no-explicit-any',
  },
];

const worldFaults = [
  ['a timer', 'export const timer = setTimeout(() => undefined, 1);\n', 'setTimeout'],
  ['a fetch', "export const answer = fetch('http://localhost');\n", 'fetch'],
  ['the process', 'export const pid = process.pid;\n', 'process'],
] as const;

let house = '';

function write(path: string, code: string): void {
  mkdirSync(dirname(join(house, 'src', path)), { recursive: true });
  writeFileSync(join(house, 'src', path), code);
}

function run(script: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: house,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return stdout || stderr;
}

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'millrace-law-'));
  const law = ['.dependency-cruiser.mjs', '.oxlintrc.json', 'package.json', 'tools/rooms.mjs', 'tools/lint'];
  const worlds = ['tsconfig.base.json', 'tsconfig.pure.json', 'tsconfig.node.json'];
  for (const path of [...law, ...worlds]) cpSync(join(root, path), join(house, path), { recursive: true });
  const types = { extends: './tsconfig.base.json', include: ['src'] };
  writeFileSync(join(house, 'tsconfig.json'), JSON.stringify(types));
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
  for (const [path, code] of Object.entries(sound)) write(path, code);
});

afterAll(() => {
  rmSync(house, { recursive: true, force: true });
});

const cruise = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});
const lint = z.object({ diagnostics: z.array(z.object({ filename: z.string(), code: z.string() })) });

describe('the law finds', () => {
  it('nothing wrong with a sound house', () => {
    const { summary } = cruise.parse(
      JSON.parse(run('dependency-cruiser/bin/dependency-cruise.mjs', ['src', '--output-type', 'json'])),
    );
    expect(summary.violations).toEqual([]);
    expect(lint.parse(JSON.parse(run('oxlint/bin/oxlint', ['src', '--format', 'json']))).diagnostics).toEqual(
      [],
    );
  });

  it('every import that it forbids', () => {
    for (const { file, code } of importFaults) write(file, code);
    const { summary } = cruise.parse(
      JSON.parse(run('dependency-cruiser/bin/dependency-cruise.mjs', ['src', '--output-type', 'json'])),
    );
    const found = summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
    const missed = importFaults.filter(({ file, rule }) => !found.includes(`src/${file}: ${rule}`));
    expect(missed.map(({ what }) => what)).toEqual([]);
  });

  it('everything else that it forbids', () => {
    for (const { file, code } of lintFaults) write(file, code);
    const { diagnostics } = lint.parse(JSON.parse(run('oxlint/bin/oxlint', ['src', '--format', 'json'])));
    const found = diagnostics.map(({ filename, code }) => `${filename}: ${code}`);
    const missed = lintFaults.filter(
      ({ file, rule }) => !found.some((one) => one.startsWith(`src/${file}: `) && one.endsWith(`(${rule})`)),
    );
    expect(missed.map(({ what }) => what)).toEqual([]);
  });

  it.each(worldFaults)('%s in a pure room, which has no such thing', (_what, code, name) => {
    write('control/agenda.ts', code);
    const said = run('typescript-7/bin/tsc', ['-p', 'tsconfig.pure.json', '--noEmit']);
    expect(said).toMatch(new RegExp(`src/control/agenda\\.ts.*Cannot find name '${name}'`));
  });
});
