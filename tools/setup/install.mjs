import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const oldest = { major: 20, minor: 19 };

/** Ends the process with a sentence when this Node cannot run the platform. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return;
  console.error(
    `Millrace needs Node ${oldest.major}.${oldest.minor} or newer, and this is Node ${version}. Install a newer one and try again.`,
  );
  process.exit(1);
}

/** Runs npm, the one that runs us where there is one, in the repository. Gives its exit code. */
export function npm(args, options = {}) {
  const own = process.env.npm_execpath;
  const [command, before] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  const { status } = spawnSync(command, [...before, ...args], {
    cwd: root,
    stdio: 'inherit',
    shell: command === 'npm' && process.platform === 'win32',
    ...options,
  });
  return status ?? 1;
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(`${root}/${path}`, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * What makes an install necessary, or undefined. npm writes what it has installed to
 * node_modules/.package-lock.json as its last step, so an install that was cut short counts as none.
 */
function whyInstall() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed) return 'nothing is installed yet';
  const wanted = packagesOf('package-lock.json') ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const here = installed[path];
    if (!here && !entry.optional) return `${path.replace(/^.*node_modules\//, '')} is missing`;
    if (here && here.version !== entry.version) return `${path} has another version`;
  }
  return undefined;
}

/** Installs what the lockfile names, unless it is there. Downloads npm packages and nothing else. */
export function installWhatIsMissing() {
  const reason = whyInstall();
  if (!reason) return;
  console.log(`Installing npm packages (${reason}) …`);
  const code = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code === 0) return;
  console.error('The npm packages could not be installed; npm says why above.');
  process.exit(code);
}

/** Compiles the sources. The native compiler looks for itself whether anything changed: then it takes 0.2 s. */
export function buildWhatIsStale() {
  const code = npm(['run', '--silent', 'build']);
  if (code === 0) return;
  console.error('The sources do not compile; the compiler says why above.');
  process.exit(code);
}
