import { problem, problemOf, type ModelVersion, type Problem } from '#schema';
import type { Blob, Result, SourceFile } from '#contracts';
import type { ControlDeps } from '../deps.ts';
import { attempts } from './attempts.ts';
import { knownDigest } from './known-digest.ts';
import { createLeftovers } from './leftovers.ts';
import { pullFile, uploadId } from './pull-file.ts';
import { createSpeed, type Speed } from './speed.ts';

interface Progress {
  readonly receivedBytes: number;
  /** Absent until the source has told it. */
  readonly sizeBytes: number | undefined;
  readonly remainingMs: number | undefined;
}

/** What there is to see of a pull. */
export interface PullView extends Progress {
  /** What is pulled: changes when the spec asks for something else. */
  readonly wish: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly blob: Blob | undefined;
  readonly problem: Problem | undefined;
}

/** Pulls in progress, one for each ModelVersion. They run beside the loop, which only looks at them. */
export interface Pulls {
  view(name: string): PullView | undefined;
  /** False when as many as may be are running. */
  start(version: ModelVersion): boolean;
  /** Ends it and forgets it; `discard` throws away what has come, also by pulls of this version that failed. */
  drop(name: string, discard: boolean): Promise<void>;
  /** Ends all. What has come stays for the next control plane. */
  stop(): Promise<void>;
}

const runningMax = 4;
/** Progress is told no more often. */
const tellMs = 1000;

type PullsDeps = Pick<ControlDeps, 'blobs' | 'clock' | 'rng' | 'sources' | 'log'>;

interface Task {
  readonly name: string;
  readonly wish: string;
  readonly source: string;
  readonly digest: string | undefined;
  readonly abort: AbortController;
  readonly speed: Speed;
  state: PullView['state'];
  file: SourceFile | undefined;
  receivedBytes: number;
  blob: Blob | undefined;
  problem: Problem | undefined;
  told: Progress;
  toldAtMs: number;
  ended: Promise<void>;
}

/** What a version wants pulled, as one text. */
export function wishOf(version: ModelVersion): string {
  return `${version.spec.source} ${knownDigest(version) ?? ''}`;
}

export function schemeOf(source: string): string {
  return source.slice(0, Math.max(0, source.indexOf(':')));
}

/** What there is to pull, once the source has answered. */
function partOf({ name, digest }: Task, file: SourceFile): Parameters<typeof uploadId>[0] {
  return { name, file, digest: digest ?? file.digest };
}

async function open(deps: PullsDeps, { source, abort }: Task): Promise<Result<SourceFile>> {
  const { signal } = abort;
  const from = deps.sources.get(schemeOf(source));
  if (from === undefined)
    return { ok: false, problem: problem('not_found', `Nothing here can pull from "${schemeOf(source)}:".`) };
  return attempts({ ...deps, signal, progress: () => 0 }, async () => from.open(source, signal));
}

async function pull(deps: PullsDeps, task: Task, tell: () => void): Promise<Result<Blob>> {
  const file = await open(deps, task);
  if (!file.ok) return file;
  task.file = file.value;
  if (task.digest !== undefined && file.value.digest !== undefined && task.digest !== file.value.digest)
    return {
      ok: false,
      problem: problem('digest_mismatch', `The source has ${file.value.digest}, wanted is ${task.digest}.`),
    };
  let beforeBytes: number | undefined;
  const onProgress = (receivedBytes: number): void => {
    // What an earlier attempt has left here says nothing about how fast this one is.
    task.speed.note(Math.max(0, receivedBytes - (beforeBytes ?? receivedBytes)));
    beforeBytes = receivedBytes;
    task.receivedBytes = receivedBytes;
    if (deps.clock.monotonicMs() - task.toldAtMs >= tellMs) tell();
  };
  return pullFile(deps, { ...partOf(task, file.value), signal: task.abort.signal, onProgress });
}

/** Never rejects: however it ends is seen in the task. */
async function run(deps: PullsDeps, task: Task, tell: () => void): Promise<void> {
  const result = await pull(deps, task, tell).catch((thrown: unknown): Result<Blob> => {
    return { ok: false, problem: problemOf(thrown) };
  });
  if (task.abort.signal.aborted) return;
  task.state = result.ok ? 'done' : 'failed';
  if (result.ok) task.blob = result.value;
  else task.problem = result.problem;
  const facts = { modelVersion: task.name, receivedBytes: task.receivedBytes };
  if (result.ok) deps.log.info('pull-finished', facts);
  else deps.log.warn('pull-failed', { ...facts, message: result.problem.message });
  tell();
}

/** What is told stays as it is until there is news: whoever looks twice sees no difference worth writing down. */
function progressOf({ receivedBytes, file, speed }: Task): Progress {
  const sizeBytes = file?.sizeBytes;
  const remainingMs = sizeBytes === undefined ? undefined : speed.remainingMs(sizeBytes - receivedBytes);
  return { receivedBytes, sizeBytes, remainingMs };
}

function viewOf({ wish, state, told, blob, problem: failure }: Task): PullView {
  return { wish, state, ...told, blob, problem: failure };
}

function createTask({ clock }: PullsDeps, version: ModelVersion): Task {
  return {
    name: version.metadata.name,
    wish: wishOf(version),
    source: version.spec.source,
    digest: knownDigest(version),
    abort: new AbortController(),
    speed: createSpeed(() => clock.monotonicMs()),
    state: 'running',
    file: undefined,
    receivedBytes: 0,
    blob: undefined,
    problem: undefined,
    told: { receivedBytes: 0, sizeBytes: undefined, remainingMs: undefined },
    toldAtMs: clock.monotonicMs(),
    ended: Promise.resolve(),
  };
}

/** `onChange` hears the name of a version whose pull has got further, at most once a second, and of its end. */
export function createPulls(deps: PullsDeps, onChange: (name: string) => void): Pulls {
  const tasks = new Map<string, Task>();
  const leftovers = createLeftovers(deps.blobs);
  return {
    view(name) {
      const task = tasks.get(name);
      return task === undefined ? undefined : viewOf(task);
    },
    start(version) {
      const running = [...tasks.values()].filter(({ state }) => state === 'running').length;
      if (running >= runningMax) return false;
      const task = createTask(deps, version);
      tasks.set(task.name, task);
      task.ended = run(deps, task, () => {
        task.toldAtMs = deps.clock.monotonicMs();
        task.told = progressOf(task);
        onChange(task.name);
      });
      return true;
    },
    async drop(name, discard) {
      const task = tasks.get(name);
      tasks.delete(name);
      task?.abort.abort();
      await task?.ended;
      if (task?.file !== undefined) await leftovers.keep(name, uploadId(partOf(task, task.file)));
      if (discard || task?.state === 'done') await leftovers.discard(name);
    },
    async stop() {
      const all = [...tasks.values()];
      tasks.clear();
      for (const { abort } of all) abort.abort();
      await Promise.all(all.map(async ({ ended }) => ended));
    },
  };
}
