import { problem, problemOf, type Payload, type Problem, type Task } from '#schema';
import type { Verdict, Work, WorkListener } from '../tasks/work.ts';
import { linesOf, tellProgress, type BatchDeps, type Course } from './course.ts';
import { finalize } from './finalize.ts';
import { createOpenLines } from './open-lines.ts';
import { pursue } from './pursue.ts';
import type { BatchEnd } from './wire.ts';

/** More than this is several batches. */
const linesMax = 100_000;
const errorsMax = 20;

const nothingDone = { total: 0, completed: 0, failed: 0 };

function failed(cause: Problem, errors: BatchEnd['errors'] = [{ problem: cause }]): BatchEnd {
  return { status: 'failed', counts: nothingDone, errors };
}

function succeeded({ wire }: BatchDeps, end: BatchEnd): Verdict {
  const body = wire.writeEnd(end);
  return { kind: 'succeeded', reply: { status: 200, contentType: 'application/json', model: '', body } };
}

/** Reads the whole file once: how many lines there are, and whether there is anything to do. */
async function validate(course: Course): Promise<BatchEnd | undefined> {
  const errors: { line: number; problem: Problem }[] = [];
  for await (const { number, asked } of linesOf(course)) {
    if (course.stopped) return undefined;
    course.total += 1;
    if (course.total > linesMax)
      return failed(problem('payload_too_large', `A batch may have ${linesMax} lines.`));
    if (asked.ok) continue;
    course.bad += 1;
    if (errors.length < errorsMax) errors.push({ line: number, problem: asked.problem });
  }
  if (course.bad < course.total) return undefined;
  return course.total === 0
    ? failed(problem('invalid_request', 'The input file is empty.', { param: 'input_file_id' }))
    : failed(problem('invalid_request'), errors);
}

async function bring(course: Course): Promise<BatchEnd | undefined> {
  const refused = await validate(course);
  if (refused || course.stopped) return refused;
  tellProgress(course, false);
  await pursue(course);
  if (course.stopped) return undefined;
  tellProgress(course, true);
  return finalize(course);
}

/** The file that a batch reads; undefined once it is gone. */
async function fileOf({ queue }: BatchDeps, batch: Task, id: string): Promise<Payload | undefined> {
  const [file] = await queue.get([id]);
  return file?.lane === 'file' && file.tenant === batch.tenant ? file.input : undefined;
}

interface Given {
  readonly batch: Task;
  readonly input: Uint8Array;
  readonly listener: WorkListener;
}

interface Begun {
  course: Course | undefined;
  stopped: boolean;
}

async function start(deps: BatchDeps, given: Given, begun: Begun): Promise<BatchEnd | undefined> {
  const { batch, listener } = given;
  const spec = deps.wire.readSpec(given.input);
  const file = spec && (await fileOf(deps, batch, spec.inputFile));
  if (spec === undefined || file === undefined)
    return failed(problem('not_found', 'The input file is gone.', { param: 'input_file_id' }));
  const open = createOpenLines(deps.queue, deps.clock);
  const { stopped } = begun;
  const counts = { total: 0, bad: 0, unserved: 0 };
  const course = { deps, batch, spec, file, listener, open, ...counts, cancelled: false, stopped };
  begun.course = course;
  try {
    return await bring(course);
  } finally {
    open.close();
  }
}

async function run(deps: BatchDeps, given: Given, begun: Begun): Promise<void> {
  const verdict = await start(deps, given, begun).then(
    (end) => end && succeeded(deps, end),
    (fault: unknown): Verdict => ({ kind: 'faulted', problem: problemOf(fault) }),
  );
  if (!begun.stopped && verdict !== undefined) given.listener.ended(verdict);
}

/**
 * Brings a batch to its end: each line a task of its own, and in the end a file of answers and one of errors. What it
 * knows it can find again: its lines' tasks have ids that follow from the batch's, so a worker that comes after a
 * crash hands in what is missing, and finds what is there.
 */
export function createBatchWork(deps: BatchDeps): Work {
  return (batch, input, listener) => {
    const begun: Begun = { course: undefined, stopped: false };
    void run(deps, { batch, input, listener }, begun);
    return () => {
      begun.stopped = true;
      if (begun.course === undefined) return;
      begun.course.stopped = true;
      begun.course.open.close();
    };
  };
}
