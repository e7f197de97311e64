import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { z } from 'zod';
import { root, textOf, trackedFiles } from './repository.ts';

const mebibyte = 2 ** 20;

function filesOr(context: TestContext): readonly string[] {
  return trackedFiles() ?? context.skip('this is not a git checkout');
}

/** The size on disk of a folder, without packages nested in it and without what links lead to. */
function sizeBytes(folder: string): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') sum += sizeBytes(path);
    else if (entry.isFile()) sum += lstatSync(path).blocks * 512;
  }
  return sum;
}

/** Targets of links in a Markdown file that lead to other files; code is left out. */
function linksIn(text: string): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(<?([^)\s>]+)>?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^([a-z]+:|#)/.test(target));
}

describe('the repository', () => {
  it('names no place of one machine and no package registry', (context) => {
    const places = ['root', 'work', 'opt'].map((name) => `/${name}/`).join('|');
    const hosts = ['npmjs', 'pypi', 'pythonhosted'].join('|');
    const foreign = new RegExp(
      `(?<![\\w.$}/-])(?:${places})|\\b(?:${hosts})\\.(?:org|com)|\\bregistry\\.[\\w-]+\\.[a-z]{2,}`,
    );
    const faults = filesOr(context).flatMap((path) =>
      (textOf(path) ?? '')
        .split('\n')
        .flatMap((line, at) => (foreign.test(line) ? [`${path}:${at + 1}: ${line.slice(0, 120)}`] : [])),
    );
    expect(faults).toEqual([]);
  });

  it('has a lockfile without addresses, so that every registry will do', () => {
    const { packages } = z
      .object({ packages: z.record(z.string(), z.object({ resolved: z.string().optional() })) })
      .parse(JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')));
    const addresses = Object.values(packages).filter(({ resolved }) => resolved?.includes('://'));
    expect(addresses).toEqual([]);
  });

  it('stays small: no file above 1 MiB, models up to 12 MB', (context) => {
    const large = filesOr(context).filter((path) => {
      const limit = /\.(gguf|onnx)$/.test(path) ? 12_000_000 : mebibyte;
      return statSync(`${root}/${path}`).size > limit;
    });
    expect(large).toEqual([]);
  });

  it('has no link in its documents that leads nowhere', (context) => {
    const documents = filesOr(context).filter((path) => path.endsWith('.md'));
    const dead = documents.flatMap((path) =>
      linksIn(textOf(path) ?? '')
        .filter((target) => !existsSync(join(root, dirname(path), decodeURI(target.replace(/#.*$/, '')))))
        .map((target) => `${path}: ${target}`),
    );
    expect(documents.length).toBeGreaterThan(5);
    expect(dead).toEqual([]);
  });

  it('installs less than 550 MB, development tools and GPU add-ons aside', () => {
    const npm = process.env['npm_execpath'];
    const [command, before] = npm?.endsWith('.js') === true ? [process.execPath, [npm]] : ['npm', []];
    const args = [...before, 'ls', '--omit=dev', '--all', '--parseable'];
    const { stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 24 });
    const { overrides } = z
      .object({ overrides: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(`${root}/package.json`, 'utf8')));
    const here = realpathSync(root);
    const folders = stdout
      .split('\n')
      .filter((path) => path.startsWith(join(here, 'node_modules')) && existsSync(path))
      .filter((path) => !Object.keys(overrides).some((name) => path.endsWith(`/${name}`)));
    const total = folders.reduce((sum, folder) => sum + sizeBytes(folder), 0);
    expect(folders.length).toBeGreaterThan(20);
    expect(total / mebibyte).toBeLessThan(524);
  });
});
