import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { giveHeapRoom } from './heap-room.ts';
import { openListener, parseListen } from './listen.ts';
import { createWireServer, faultText, type WireServer, type WireSpec } from './server.ts';

export interface WorkerSpec extends Omit<WireSpec, 'onFault'> {
  /** Arguments of the process without the program: `process.argv.slice(2)`; `--listen ADDRESS` is among them. */
  readonly argv: readonly string[];
  /** Called after the last request, before the process ends. */
  close?(): void | Promise<void>;
  /** How long running requests may take to end after SIGTERM; 30 s when absent. */
  readonly drainMs?: number | undefined;
  /** A worker that has no work and that nobody asks for signs of life ends after this long; 10 min when absent. */
  readonly orphanTimeoutMs?: number | undefined;
}

const defaultDrainMs = 30_000;
const defaultOrphanTimeoutMs = 600_000;

/**
 * Makes this process a worker: listens, answers, and ends decently. Resolves once it listens, so that what loads
 * long can load afterwards, with `life` telling how far it is. Never rejects: a worker that cannot listen ends.
 */
export async function runWorker(spec: WorkerSpec): Promise<void> {
  giveHeapRoom();
  process.on('uncaughtException', (error) => endWith('worker-crashed', faultText(error)));
  process.on('unhandledRejection', (error) => endWith('worker-crashed', faultText(error)));
  // A full disk must not end a worker that only wanted to say something.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  // The terminal sends it to everyone in the foreground; the platform decides when we end.
  process.on('SIGINT', () => undefined);
  const wire = createWireServer({ ...spec, onFault: (event, message) => writeLine({ event, message }) });
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await wire.drain(spec.drainMs ?? defaultDrainMs);
    await spec.close?.();
    process.exit(0);
  };
  process.on('SIGTERM', () => void end());
  watchForOrphanhood(wire, { timeoutMs: spec.orphanTimeoutMs ?? defaultOrphanTimeoutMs, end });
  const address = parseListen(workerArgument(spec.argv, '--listen') ?? '');
  if (!address.ok) return endWith('listen-refused', address.problem.message);
  const endpoint = await openListener(wire.server, address.value);
  if (!endpoint.ok) return endWith('listen-refused', endpoint.problem.message);
  process.stdout.write(`${JSON.stringify({ event: listeningEvent, endpoint: endpoint.value })}\n`);
}

/** Name of the line on standard output that tells where a worker listens: `{"event", "endpoint"}`. */
const listeningEvent = 'worker-listening';

/** The value that follows `name` among the arguments. */
export function workerArgument(argv: readonly string[], name: string): string | undefined {
  const at = argv.indexOf(name);
  return at === -1 ? undefined : argv[at + 1];
}

/** File URL of `worker/main` beside the module, in sources and in the built package alike. */
export function workerEntry(moduleUrl: string): string {
  const extension = moduleUrl.endsWith('.ts') ? 'ts' : 'js';
  const entry = new URL(`./worker/main.${extension}`, moduleUrl);
  assert(entry.protocol === 'file:', 'workers are files');
  return entry.href;
}

interface Orphanhood {
  readonly timeoutMs: number;
  readonly end: () => Promise<void>;
}

/** After a kill -9 of the platform nobody is left to stop its workers: they notice by the silence. */
function watchForOrphanhood(wire: WireServer, { timeoutMs, end }: Orphanhood): void {
  const look = (): void => {
    if (wire.active() > 0 || wire.idleMs() < timeoutMs) return;
    writeLine({ event: 'worker-orphaned', message: `Nobody asked for ${timeoutMs} ms; ending.` });
    void end();
  };
  setInterval(look, Math.min(30_000, Math.max(10, timeoutMs / 4))).unref();
}

function endWith(event: string, message: string): void {
  writeLine({ event, message });
  process.exit(1);
}

/** Synchronous: it must be on disk before the process ends. */
function writeLine(line: Readonly<Record<string, string>>): void {
  try {
    writeSync(2, `${JSON.stringify(line)}\n`);
  } catch {
    // A full disk takes no last words.
  }
}
