import type { Payload, Task } from '#schema';
import type { Clock, TaskQueue } from '#contracts';
import type { Directory } from '../directory.ts';
import type { Payloads } from '../tasks/payloads.ts';
import type { WorkListener } from '../tasks/work.ts';
import type { OpenLines } from './open-lines.ts';
import { readLines } from './read-lines.ts';
import { cancelMarkOf, type BatchLine, type BatchSpec, type BatchWire } from './wire.ts';

export interface BatchDeps {
  readonly queue: TaskQueue;
  readonly payloads: Payloads;
  readonly directory: Pick<Directory, 'find'>;
  readonly clock: Clock;
  readonly nextId: (prefix: string) => string;
  readonly wire: BatchWire;
}

/** One batch on its way to its end, in this process. */
export interface Course {
  readonly deps: BatchDeps;
  readonly batch: Task;
  readonly spec: BatchSpec;
  readonly file: Payload;
  readonly listener: WorkListener;
  readonly open: OpenLines;
  /** Lines of the file that are not blank. */
  total: number;
  /** Of these, the ones that hold no request. */
  bad: number;
  /** Those that ask for a model that nobody serves, as far as lines were begun. */
  unserved: number;
  cancelled: boolean;
  /** The worker must not go on: nothing is heard of it any more. */
  stopped: boolean;
}

export function linesOf({ deps, batch, spec, file }: Course): AsyncGenerator<BatchLine> {
  return readLines({ ...deps, batchId: batch.id, spec, file });
}

export function isLate({ deps, spec }: Course): boolean {
  return deps.clock.nowMs() >= spec.deadlineMs;
}

/** No more lines are begun. */
export function isOver(course: Course): boolean {
  return course.stopped || course.cancelled || isLate(course);
}

/** What nobody serves never becomes a task: names of models that there are not would fill the counts of tasks. */
export async function isServed({ deps, batch }: Course, model: string): Promise<boolean> {
  return (await deps.directory.find(model, batch.tenant)) !== undefined;
}

export function tellProgress(course: Course, finalizing: boolean): void {
  const { completed, failed } = course.open.counts();
  const { total, bad, unserved } = course;
  const lines = { total, completed, failed: failed + bad + unserved, finalizing };
  course.listener.progressed({ chunks: completed + failed, bytes: 0, lines });
}

export async function lookForCancel(course: Course): Promise<void> {
  const { batch, deps } = course;
  course.cancelled ||= (await deps.queue.get([cancelMarkOf(batch.id)])).length > 0;
}
