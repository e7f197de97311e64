import { problem, ProblemError } from '#schema';

interface Job {
  /** Whether its answer waits for the disk. */
  readonly isLasting: boolean;
  /** Does the work inside the transaction; returns what to do once it is on disk. */
  readonly run: () => () => void;
  readonly failed: (fault: unknown) => void;
  /** Whether it was refused: whoever asked has heard so, and it is not run again. */
  readonly isOver: () => boolean;
}

export interface GroupCommitDeps {
  /** Runs the work in one transaction. */
  readonly atomically: (work: () => void) => void;
  /** Resolves once everything committed is on the disk. */
  readonly sync: () => Promise<void>;
  readonly problemOf: (fault: unknown) => ProblemError;
}

export interface GroupCommit {
  /** Resolves with what the work returned, once that is on the disk. Work refuses before it writes anything. */
  write<T>(work: () => T): Promise<T>;
  /** The same for what may be forgotten in a power cut: does not wait for the disk. */
  note<T>(work: () => T): Promise<T>;
  close(): Promise<void>;
}

/** More than this waits for the next transaction: none may block the event loop for long. */
const jobsMax = 256;

interface Done {
  readonly isLasting: boolean;
  readonly tell: () => void;
}

/** Runs the jobs in one transaction; returns what to do then, or once that is on disk. */
function runAll(deps: GroupCommitDeps, jobs: readonly Job[]): readonly Done[] {
  const done: Done[] = [];
  deps.atomically(() => {
    for (const { isLasting, run, failed } of jobs) {
      try {
        done.push({ isLasting, tell: run() });
      } catch (fault) {
        // A refusal concerns its own job; a fault of the database everything.
        if (!(fault instanceof ProblemError)) throw fault;
        failed(fault);
      }
    }
  });
  return done;
}

function tellThose(done: readonly Done[], isLasting: boolean): void {
  for (const one of done) if (one.isLasting === isLasting) one.tell();
}

function failAll({ problemOf }: GroupCommitDeps, jobs: readonly Job[], fault: unknown): void {
  const cause = problemOf(fault);
  for (const job of jobs) job.failed(cause);
}

async function settle(deps: GroupCommitDeps, jobs: readonly Job[], done: readonly Done[]): Promise<void> {
  tellThose(done, false);
  if (!jobs.some(({ isLasting }) => isLasting)) return;
  try {
    await deps.sync();
    tellThose(done, true);
  } catch (fault) {
    failAll(deps, jobs, fault);
  }
}

/** One that is at fault must not take the others with it: then each is tried by itself. */
async function commit(deps: GroupCommitDeps, jobs: readonly Job[]): Promise<void> {
  let done: readonly Done[];
  try {
    done = runAll(deps, jobs);
  } catch (fault) {
    // Of a disk that is full, or a file that is damaged, all of them would hear the same.
    const isOfOne = deps.problemOf(fault).problem.code === 'internal' && jobs.length > 1;
    if (isOfOne) for (const job of jobs.filter((one) => !one.isOver())) await commit(deps, [job]);
    else failAll(deps, jobs, fault);
    return;
  }
  await settle(deps, jobs, done);
}

/** What is written while the disk is busy with the last write goes to it together: one sync for all. */
export function createGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const waiting: Job[] = [];
  let flushing: Promise<void> | undefined;
  let closed = false;

  async function flush(): Promise<void> {
    // What was asked for in the same turn belongs together.
    await Promise.resolve();
    while (waiting.length > 0) await commit(deps, waiting.splice(0, jobsMax));
    flushing = undefined;
  }

  function enqueue<T>(work: () => T, isLasting: boolean): Promise<T> {
    if (closed)
      return Promise.reject(new ProblemError(problem('shutting_down', 'The task queue is closed.')));
    return new Promise<T>((resolve, reject) => {
      let isOver = false;
      waiting.push({
        isLasting,
        run: () => {
          const value = work();
          return () => resolve(value);
        },
        failed(fault) {
          isOver = true;
          reject(fault);
        },
        isOver: () => isOver,
      });
      flushing ??= flush();
    });
  }

  return {
    write: (work) => enqueue(work, true),
    note: (work) => enqueue(work, false),
    async close() {
      closed = true;
      await flushing;
    },
  };
}
