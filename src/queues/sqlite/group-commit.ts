import { problem, ProblemError } from '#schema';

interface Job {
  /** Does the work inside the transaction; returns what to do once it is on disk. */
  readonly run: () => () => void;
  readonly failed: (fault: unknown) => void;
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
  close(): Promise<void>;
}

/** More than this waits for the next transaction: none may block the event loop for long. */
const jobsMax = 256;

/** Runs the jobs in one transaction; returns what to do once that is on disk. */
function runAll(deps: GroupCommitDeps, jobs: readonly Job[]): readonly (() => void)[] {
  const done: (() => void)[] = [];
  deps.atomically(() => {
    for (const job of jobs) {
      try {
        done.push(job.run());
      } catch (fault) {
        // A refusal concerns its own job; a fault of the database everything.
        if (!(fault instanceof ProblemError)) throw fault;
        job.failed(fault);
      }
    }
  });
  return done;
}

/** What is written while the disk is busy with the last write goes to it together: one sync for all. */
export function createGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const waiting: Job[] = [];
  let flushing: Promise<void> | undefined;
  let closed = false;

  async function flush(): Promise<void> {
    // What was asked for in the same turn belongs together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const jobs = waiting.splice(0, jobsMax);
      try {
        const done = runAll(deps, jobs);
        await deps.sync();
        for (const tell of done) tell();
      } catch (fault) {
        const cause = deps.problemOf(fault);
        for (const job of jobs) job.failed(cause);
      }
    }
    flushing = undefined;
  }

  return {
    write<T>(work: () => T): Promise<T> {
      if (closed)
        return Promise.reject(new ProblemError(problem('shutting_down', 'The task queue is closed.')));
      return new Promise<T>((resolve, reject) => {
        waiting.push({
          run: () => {
            const value = work();
            return () => resolve(value);
          },
          failed: reject,
        });
        flushing ??= flush();
      });
    },
    async close() {
      closed = true;
      await flushing;
    },
  };
}
