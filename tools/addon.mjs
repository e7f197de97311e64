/**
 * `npm run addon -- cuda|vulkan`: fetches llama.cpp's GPU binaries for this machine.
 *
 * They are hundreds of megabytes that most machines cannot use, so package.json's `overrides` puts an empty package
 * in their place. This puts the real one there, of exactly the version of node-llama-cpp that is installed. A later
 * `npm ci` takes it away again; run this once more then.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { installWhatIsMissing, npm, requireNode, root } from './setup/install.mjs';

const platforms = { 'linux-x64': 'linux-x64', 'win32-x64': 'win-x64' };
const parts = { cuda: ['cuda', 'cuda-ext'], vulkan: ['vulkan'] };

function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}

/** Unpacks a package's archive over its empty stand-in, by way of a folder beside it, so that half of one is never seen. */
function unpack(archive, target) {
  const staging = mkdtempSync(join(root, 'node_modules', '.addon-'));
  const { status } = spawnSync('tar', ['-xzf', archive, '-C', staging, '--strip-components=1'], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    rmSync(staging, { recursive: true, force: true });
    refuse(`${archive} could not be unpacked; is there space left on the disk?`);
  }
  rmSync(target, { recursive: true, force: true });
  renameSync(staging, target);
}

function fetchPackage(name, version, downloads) {
  console.log(`Fetching ${name}@${version} …`);
  const code = npm([
    'pack',
    `${name}@${version}`,
    '--pack-destination',
    downloads,
    '--silent',
    '--prefer-offline',
  ]);
  const archive = readdirSync(downloads).find((file) => file.endsWith('.tgz'));
  if (code !== 0 || !archive) refuse(`npm could not fetch ${name}@${version}; it says why above.`);
  unpack(join(downloads, archive), join(root, 'node_modules', name));
  rmSync(join(downloads, archive));
}

requireNode();
const [wanted = ''] = process.argv.slice(2);
const kinds = parts[wanted];
if (!kinds) refuse(`Say which: npm run addon -- ${Object.keys(parts).join('|')}`);
const platform = platforms[`${process.platform}-${process.arch}`];
if (!platform)
  refuse(
    `There are no such binaries for ${process.platform} on ${process.arch}. On a Mac, Metal is built in.`,
  );

installWhatIsMissing();
const manifest = join(root, 'node_modules/node-llama-cpp/package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
const downloads = join(root, 'node_modules', '.addon-downloads');
rmSync(downloads, { recursive: true, force: true });
mkdirSync(downloads);
for (const kind of kinds) fetchPackage(`@node-llama-cpp/${platform}-${kind}`, version, downloads);
rmSync(downloads, { recursive: true, force: true });
const ready = kinds.every((kind) =>
  existsSync(join(root, 'node_modules/@node-llama-cpp', `${platform}-${kind}`, 'bins')),
);
if (!ready) refuse('The packages came, but there are no binaries in them.');
console.log(
  `Done. Deployments of the engine llama use ${wanted} from their next start on; \`millrace doctor\` shows it.`,
);
