import { problem, type Problem, type Task } from '#schema';
import type { Gathering } from '../tasks/payloads.ts';
import { isLate, isServed, linesOf, type Course } from './course.ts';
import { fileEntry } from './file-entry.ts';
import { inChunks } from './read-lines.ts';
import type { BatchEnd, BatchLine, LineEnd } from './wire.ts';

interface Files {
  readonly output: Gathering;
  readonly errors: Gathering;
  completed: number;
  failed: number;
  /** Of the failed ones, those that were not brought to an end of their own. */
  cut: number;
}

function statusOf(course: Course, { cut }: Files): BatchEnd['status'] {
  if (cut === 0) return 'completed';
  if (course.cancelled) return 'cancelled';
  return isLate(course) ? 'expired' : 'completed';
}

function isCut(task: Task | undefined): boolean {
  return task === undefined || task.state === 'cancelled' || task.state === 'expired';
}

/** Why a line has no task, where the batch was not stopped. */
async function whyNone(course: Course, model: string): Promise<Problem> {
  if (!(await isServed(course, model)))
    return problem('model_not_found', `No deployment serves the model "${model}".`, { param: 'model' });
  const message = `No deployment served the model "${model}" when its turn came, or its task is not kept any more.`;
  return problem('internal', message);
}

/** Why a line has no task, or one that was stopped. */
async function whyCut(course: Course, model: string, task: Task | undefined): Promise<Problem> {
  if (course.cancelled)
    return problem('task_cancelled', 'The batch was cancelled before this line had ended.');
  if (isLate(course))
    return problem('deadline_exceeded', 'The completion window passed before this line had ended.');
  if (task?.state === 'cancelled') return problem('task_cancelled');
  return whyNone(course, model);
}

async function endOf(course: Course, line: BatchLine, task: Task | undefined): Promise<LineEnd> {
  if (!line.asked.ok) return { kind: 'untaken', problem: line.asked.problem };
  if (task === undefined || isCut(task))
    return { kind: 'untaken', problem: await whyCut(course, line.asked.value.model, task) };
  const answer = task.output && (await course.deps.payloads.load(task.output.payload));
  return { kind: 'task', task, answer };
}

async function writeEnds(course: Course, files: Files): Promise<void> {
  const { queue, wire } = course.deps;
  for await (const lines of inChunks(linesOf(course))) {
    if (course.stopped) return;
    const asked = lines.filter((line) => line.asked.ok).map(({ taskId }) => taskId);
    const tasks = new Map((await queue.get(asked)).map((task) => [task.id, task]));
    for (const line of lines) {
      const task = tasks.get(line.taskId);
      const end = await endOf(course, line, task);
      if (line.asked.ok && isCut(task)) files.cut += 1;
      const isGood = end.kind === 'task' && end.task.state === 'succeeded';
      files[isGood ? 'completed' : 'failed'] += 1;
      await files[isGood ? 'output' : 'errors'].add(wire.writeLine(line, end));
    }
  }
}

/** Makes the files known, once however often it is tried: the ids of those that are known in the end. */
async function publish(course: Course, files: Files, ids: { output: string; errors: string }) {
  const { deps, batch, spec } = course;
  const kinds = (['output', 'errors'] as const).filter(
    (kind) => (kind === 'output' ? files.completed : files.failed) > 0,
  );
  const entries = [];
  for (const kind of kinds) {
    entries.push(
      fileEntry({
        id: ids[kind],
        tenant: batch.tenant,
        key: batch.key,
        purpose: 'batch_output',
        name: `${batch.id}_${kind === 'output' ? 'output' : 'error'}.jsonl`,
        payload: await files[kind].end(),
        keepMs: spec.filesKeepMs,
        nowMs: deps.clock.nowMs(),
        idempotencyKey: `${batch.id}/${kind}`,
      }),
    );
  }
  const submitted = await deps.queue.submit(entries);
  for (const [at, { fresh }] of submitted.entries()) if (!fresh) await files[kinds[at] ?? 'output'].drop();
  return new Map(kinds.map((kind, at) => [kind, submitted[at]?.task.id]));
}

/** Writes what became of each line, in the order of the lines. Undefined: the worker was stopped on the way. */
export async function finalize(course: Course): Promise<BatchEnd | undefined> {
  const { payloads, nextId } = course.deps;
  const ids = { output: nextId('file-'), errors: nextId('file-') };
  const files: Files = {
    output: payloads.gather(ids.output),
    errors: payloads.gather(ids.errors),
    completed: 0,
    failed: 0,
    cut: 0,
  };
  let isWritten = false;
  try {
    await writeEnds(course, files);
    isWritten = !course.stopped;
  } finally {
    if (!isWritten) await Promise.all([files.output.drop(), files.errors.drop()]);
  }
  if (!isWritten) return undefined;
  const known = await publish(course, files, ids);
  const { completed, failed } = files;
  return {
    status: statusOf(course, files),
    outputFile: known.get('output'),
    errorFile: known.get('errors'),
    counts: { total: course.total, completed, failed },
    errors: [],
  };
}
