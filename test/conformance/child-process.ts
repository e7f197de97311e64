import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

interface Child {
  /** What it printed, a line each. */
  readonly lines: readonly string[];
  /** Resolves when it has printed this many lines; rejects when it ends before. */
  printed(count: number): Promise<void>;
  /** Kills it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Runs an ES module, given as text, in a process of its own. It may import rooms; `argv.slice(1)` are the arguments. */
export function runChild(code: string, args: readonly string[]): Child {
  const flags = ['--conditions=source', '--import', 'tsx', '--input-type=module', '--eval', code];
  const child = spawn(process.execPath, [...flags, '--', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const drained = once(reader, 'close');

  return {
    lines,
    async printed(count) {
      while (lines.length < count) {
        const ended = await Promise.race([once(reader, 'line').then(() => false), drained.then(() => true)]);
        if (ended) throw new TypeError(`the child ended after ${lines.length} lines: ${lines.join(' / ')}`);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await Promise.all([exited, drained]);
    },
  };
}
