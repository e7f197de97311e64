import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * The pid of the process that was told to listen at this address. For the moment between starting a process and
 * noting its pid: whoever was killed then finds it again by its command line.
 */
export function findByListen(listen: string): Promise<number | undefined> {
  return process.platform === 'linux' ? findInProc(listen) : findInPs(listen);
}

async function findInProc(listen: string): Promise<number | undefined> {
  const entries = await readdir('/proc').catch(() => []);
  for (const entry of entries) {
    if (!/^\d+$/.test(entry)) continue;
    // One after the other: a machine has thousands, and this is rare.
    const line = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(`\0--listen\0${listen}\0`)) return Number(entry);
  }
  return undefined;
}

const run = promisify(execFile);

async function findInPs(listen: string): Promise<number | undefined> {
  const options = { maxBuffer: 16 * 1024 * 1024 };
  const listed = await run('ps', ['-axww', '-o', 'pid=,command='], options).catch(() => undefined);
  const line = (listed?.stdout ?? '').split('\n').find((one) => `${one} `.includes(` --listen ${listen} `));
  return line === undefined ? undefined : Number.parseInt(line, 10);
}
