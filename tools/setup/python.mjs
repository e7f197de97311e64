import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { root } from './install.mjs';

/** What the Python tests import, by the names under which it is installed, which here are the same. */
const wanted = readFileSync(`${root}/.ci/requirements.txt`, 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('==')[0]);

const probe = `import importlib.util as u; print(" ".join(n for n in ${JSON.stringify(wanted)} if u.find_spec(n) is None))`;

/** The packages an interpreter lacks, or undefined when it does not run at all. */
function lacks(python) {
  const { status, stdout } = spawnSync(python, ['-c', probe], { encoding: 'utf8' });
  return status === 0 ? stdout.split(/\s+/).filter(Boolean) : undefined;
}

/**
 * The Python that the tests use: $MILLRACE_PYTHON, else the repository's .venv, else python3; of these the first
 * that lacks nothing, else the one that lacks least. Undefined where there is no Python.
 */
export function findPython() {
  const candidates = [process.env.MILLRACE_PYTHON, `${root}.venv/bin/python`, 'python3']
    .filter((path) => path && (!path.includes('/') || existsSync(path)))
    .map((path) => ({ path, missing: lacks(path) }))
    .filter(({ missing }) => missing !== undefined)
    .toSorted((a, b) => a.missing.length - b.missing.length);
  return candidates[0];
}
