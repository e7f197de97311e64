import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { createInterface } from 'node:readline';

const python = process.env['MILLRACE_PYTHON'] ?? 'python3';
const library = [
  process.env['MILLRACE_LIBRDKAFKA'] ?? '',
  `${homedir()}/.cache/millrace-librdkafka/librdkafka.so.1`,
  '/usr/lib/x86_64-linux-gnu/librdkafka.so.1',
  '/usr/lib/aarch64-linux-gnu/librdkafka.so.1',
].find((path) => path !== '' && existsSync(path));

function whyNone(): string | undefined {
  if (process.env['MILLRACE_TEST_KAFKA'] !== undefined) return undefined;
  if (library === undefined) return 'there is no librdkafka.so.1, whose mock cluster is the broker';
  const loads = spawnSync(python, ['-c', 'import ctypes, sys; ctypes.CDLL(sys.argv[1])', library]);
  return loads.status === 0 ? undefined : `${python} cannot load ${library}`;
}

/** Why there is no broker to test with. */
export const noKafka = whyNone();

export interface KafkaServer {
  readonly address: string;
  /** Whether it can be told to break off its connections and come back. */
  readonly canFail: boolean;
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

const nothing = async (): Promise<void> => Promise.resolve();

/** The broker that `MILLRACE_TEST_KAFKA` names, or else one of our own that forgets at the end. */
export async function startKafka(topics: readonly string[]): Promise<KafkaServer> {
  const named = process.env['MILLRACE_TEST_KAFKA'];
  if (named !== undefined)
    return { address: named, canFail: false, down: nothing, up: nothing, stop: nothing };
  const script = new URL('kafka-broker.py', import.meta.url).pathname;
  const child = spawn(python, [script, library ?? '', ...topics], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value ?? '');
  async function tell(word: string): Promise<void> {
    child.stdin.write(`${word}\n`);
    await next();
  }
  return {
    address: await next(),
    canFail: true,
    down: () => tell('down'),
    up: () => tell('up'),
    async stop() {
      const exited = once(child, 'exit');
      child.stdin.end();
      child.kill('SIGKILL');
      await exited;
    },
  };
}
