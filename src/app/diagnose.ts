import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import type { Config } from '#schema';
import type { LoadedConfig } from './config/load.ts';
import { localConnection } from './home/connection.ts';

export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

const freeBytesWanted = 2 * 1024 ** 3;

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  const message = `Node ${process.versions.node}`;
  return good
    ? { name: 'node', status: 'ok', message }
    : { name: 'node', status: 'failed', message, advice: 'Install Node 20.19 or newer.' };
}

function existingParent(path: string): string {
  return existsSync(path) ? path : existingParent(dirname(path));
}

function checkHome({ home }: Config): Check {
  try {
    accessSync(existingParent(home), constants.W_OK | constants.X_OK);
    return { name: 'home', status: 'ok', message: `${home} can be written` };
  } catch {
    return {
      name: 'home',
      status: 'failed',
      message: `${home} cannot be written`,
      advice: 'Choose another directory with --home.',
    };
  }
}

function checkDisk({ home }: Config): Check {
  const { bavail, bsize } = statfsSync(existingParent(home));
  const freeBytes = bavail * bsize;
  const message = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free`;
  return freeBytes >= freeBytesWanted
    ? { name: 'disk', status: 'ok', message }
    : {
        name: 'disk',
        status: 'warning',
        message,
        advice: 'Models need room: free some space or move the home directory.',
      };
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 1000 });
    function finish(answered: boolean): void {
      socket.destroy();
      resolve(answered);
    }
    socket.once('connect', () => {
      finish(true);
    });
    for (const event of ['error', 'timeout'])
      socket.once(event, () => {
        finish(false);
      });
  });
}

async function checkAddress({ home, listen }: Config): Promise<Check> {
  const running = localConnection(home).url;
  if (running !== undefined)
    return { name: 'address', status: 'ok', message: `A platform of this home answers at ${running}` };
  const colonAt = listen.lastIndexOf(':');
  const taken = await answers(
    listen.slice(0, colonAt).replace(/^\[|\]$/g, ''),
    Number(listen.slice(colonAt + 1)),
  );
  return taken
    ? {
        name: 'address',
        status: 'failed',
        message: `Something else listens on ${listen}`,
        advice: 'Choose another address with --listen.',
      }
    : { name: 'address', status: 'ok', message: `${listen} is free` };
}

/** Whether the embedded engine's binary for this machine is installed. */
function checkEngine(): Check {
  try {
    import.meta.resolve('node-llama-cpp');
    return {
      name: 'engine',
      status: 'ok',
      message: `llama.cpp is installed for ${process.platform}-${process.arch}`,
    };
  } catch {
    return {
      name: 'engine',
      status: 'failed',
      message: 'node-llama-cpp is missing',
      advice: 'Run `npm ci` again.',
    };
  }
}

/** GPUs are looked for by what their drivers leave on the machine; nothing is run. */
const gpuTraces = [
  {
    addon: 'cuda',
    name: 'NVIDIA',
    paths: ['/proc/driver/nvidia/version', 'C:\\Windows\\System32\\nvcuda.dll'],
  },
  { addon: 'vulkan', name: 'AMD', paths: ['/sys/module/amdgpu', '/dev/kfd'] },
] as const;

function addonInstalled(addon: string): boolean {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const entry = import.meta.resolve(`@node-llama-cpp/${os}-${process.arch}-${addon}`);
    // The real package has its entry in dist/ and the binaries beside that; its empty stand-in has neither.
    return existsSync(new URL('../bins', entry));
  } catch {
    return false;
  }
}

function checkGpu(): Check {
  const found = gpuTraces.find(({ paths }) => paths.some((path) => existsSync(path)));
  if (process.platform === 'darwin')
    return { name: 'gpu', status: 'ok', message: 'Metal is used where there is a GPU' };
  if (found === undefined)
    return { name: 'gpu', status: 'ok', message: 'No GPU found: models run on the CPU' };
  if (addonInstalled(found.addon))
    return { name: 'gpu', status: 'ok', message: `${found.name} GPU, with its binary installed` };
  return {
    name: 'gpu',
    status: 'warning',
    message: `There is an ${found.name} GPU, but models run on the CPU: the ${found.addon} binary is an add-on`,
    advice: `Add it with \`npm run addon -- ${found.addon}\` and start again.`,
  };
}

/** What `millrace doctor` looks at. */
export async function diagnose({ config, warnings }: LoadedConfig): Promise<readonly Check[]> {
  return [
    checkNode(),
    ...warnings.map((message): Check => ({ name: 'environment', status: 'warning', message })),
    checkHome(config),
    checkDisk(config),
    await checkAddress(config),
    checkEngine(),
    checkGpu(),
  ];
}
