/** `npm start`: installs and builds what is missing, then runs `millrace up` with the arguments given. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import process from 'node:process';
import { buildWhatIsStale, installWhatIsMissing, requireNode, root } from './setup/install.mjs';

requireNode();
installWhatIsMissing();
if (existsSync(`${root}/src`)) buildWhatIsStale();

/**
 * The platform gets a process group of its own. A terminal's Ctrl-C reaches us and npm, npm passes its own on to us
 * as well, and the platform must hear it once: a second one means "at once" to it.
 */
const platform = spawn(process.execPath, ['dist/cli/main.js', 'up', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  detached: process.platform !== 'win32',
});

const sameSignalMs = 500;
let lastAt = -Infinity;

function pass(signal) {
  const now = performance.now();
  if (now - lastAt >= sameSignalMs) platform.kill(signal);
  lastAt = now;
}

process.on('SIGINT', () => pass('SIGINT'));
process.on('SIGTERM', () => pass('SIGTERM'));
process.on('SIGHUP', () => pass('SIGTERM'));

platform.on('error', (fault) => {
  console.error(`Millrace could not be started: ${fault.message}`);
  process.exit(1);
});
platform.on('exit', (code, signal) =>
  process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)),
);
