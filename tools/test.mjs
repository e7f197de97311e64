/**
 * `npm test`: the checks, a build (some tests start the real platform), the tests of every room, the Python tests.
 * Arguments choose test files. The last line is `N passed, N failed, N skipped`: tests, and one for each check.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { startVitest } from 'vitest/node';
import { npm, requireNode, root } from './setup/install.mjs';
import { findPython } from './setup/python.mjs';

requireNode();
const only = process.argv.slice(2);
const count = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = [];

function check(name) {
  const ok = npm(['run', '--silent', name]) === 0;
  console.log(`${ok ? '✓' : '✗'} ${name}`);
  count[ok ? 'passed' : 'failed'] += 1;
  if (!ok) failures.push(`npm run ${name}`);
  return ok;
}

/** One for each test, and one for a file that could not even be loaded. */
function tally(module) {
  for (const fault of module.errors()) {
    count.failed += 1;
    failures.push(`${module.relativeModuleId}: ${fault.message}`);
  }
  for (const test of module.children.allTests()) {
    const { state, note } = test.result();
    const name = `${module.relativeModuleId} > ${test.fullName}`;
    if (state === 'passed') count.passed += 1;
    else if (state === 'skipped') {
      count.skipped += 1;
      skips.push(note ? `${name}: ${note}` : name);
    } else {
      count.failed += 1;
      failures.push(name);
    }
  }
}

async function testRooms() {
  const vitest = await startVitest('test', only, { run: true, watch: false, root });
  for (const module of vitest.state.getTestModules()) tally(module);
  for (const fault of vitest.state.getUnhandledErrors()) {
    count.failed += 1;
    failures.push(`unhandled: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
  await vitest.close();
}

function skipPython(reason) {
  count.skipped += 1;
  skips.push(`python/tests: ${reason}`);
}

function testPython(python) {
  if (!existsSync(`${root}/python/tests`)) return;
  if (!python) return skipPython('there is no Python here');
  if (python.missing.length > 0) return skipPython(`Python lacks ${python.missing.join(', ')}`);
  const args = ['-m', 'pytest', '-q', '-rs', '-p', 'no:cacheprovider', 'python/tests'];
  const { status, stdout, stderr } = spawnSync(python.path, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, PYTHONPATH: `${root}/python` },
  });
  process.stdout.write(stdout + stderr);
  const number = (word) =>
    Number(new RegExp(`(\\d+) ${word}`).exec(stdout.trimEnd().split('\n').at(-1))?.[1] ?? 0);
  count.passed += number('passed');
  count.skipped += number('skipped');
  for (const line of stdout.split('\n')) if (line.startsWith('SKIPPED')) skips.push(line);
  if (status === 0) return;
  count.failed += Math.max(1, number('failed') + number('error'));
  failures.push('python/tests');
}

const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const checks = [...scripts.check.matchAll(/npm run -s (\S+)/g)].map((match) => match[1]);
if (only.length === 0) for (const name of checks) check(name);

const python = findPython();
if (python && python.missing.length === 0) process.env.MILLRACE_PYTHON = python.path;
if (check('build')) await testRooms();
if (only.length === 0) testPython(python);

if (skips.length > 0) console.log(`\nSkipped:\n${skips.map((line) => `  ${line}`).join('\n')}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exit(count.failed === 0 ? 0 : 1);
