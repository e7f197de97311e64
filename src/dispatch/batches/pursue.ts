import type { NewTask } from '#schema';
import { isOver, isServed, linesOf, lookForCancel, tellProgress, type Course } from './course.ts';
import { inChunks } from './read-lines.ts';
import type { AskedLine, BatchLine } from './wire.ts';

/** Lines of one batch that wait or run at the same time: those of others come in between. */
const openMax = 1000;
const lookEachMs = 1000;
/** Lines are asked for their answers when the last of them has ended; so much longer is time to write the files. */
const keepLongerMs = 2 * 3_600_000;
const attemptsMax = 5;

async function lineTask(course: Course, taskId: string, asked: AskedLine): Promise<NewTask> {
  const { deps, batch, spec } = course;
  const nowMs = deps.clock.nowMs();
  return {
    id: taskId,
    lane: 'request',
    tenant: batch.tenant,
    key: batch.key,
    model: asked.model,
    endpoint: spec.endpoint,
    priority: batch.priority,
    stride: 1,
    dueAtMs: nowMs,
    expiresAtMs: spec.deadlineMs,
    keepMs: Math.max(0, spec.deadlineMs - nowMs) + keepLongerMs,
    attemptsMax,
    input: await deps.payloads.keep(asked.body, taskId),
    // Handed in again after a crash, it is the one that is there already.
    idempotencyKey: taskId,
  };
}

/** Ids of lines that ask for what nobody serves, and did so before: whoever took them up has made no task of them. */
async function unservedOf(course: Course, lines: readonly BatchLine[]): Promise<ReadonlySet<string>> {
  const { deps, batch } = course;
  const ids: string[] = [];
  for (const { taskId, asked } of lines)
    if (asked.ok && !(await isServed(course, asked.value.model))) ids.push(taskId);
  const known = ids.length > 0 ? await deps.queue.known(batch.tenant, ids) : new Set<string>();
  return new Set(ids.filter((id) => !known.has(id)));
}

async function submit(course: Course, lines: readonly BatchLine[]): Promise<void> {
  const { queue, payloads } = course.deps;
  const tasks: NewTask[] = [];
  const unserved = await unservedOf(course, lines);
  course.unserved += unserved.size;
  for (const { taskId, asked } of lines)
    if (asked.ok && !unserved.has(taskId)) tasks.push(await lineTask(course, taskId, asked.value));
  const submitted = await queue.submit(tasks);
  for (const [at, { task, fresh }] of submitted.entries()) {
    course.open.take(task);
    const input = tasks[at]?.input;
    if (!fresh && input?.kind === 'blob') await payloads.drop([input.digest]);
  }
}

/** Waits until there is room for so many more, or no more are to come. */
async function roomFor(course: Course, count: number): Promise<void> {
  const { open, deps } = course;
  let lookAtMs = deps.clock.monotonicMs() + lookEachMs;
  while (open.size() > openMax - count && !isOver(course)) {
    await open.changed(lookEachMs);
    tellProgress(course, false);
    if (deps.clock.monotonicMs() < lookAtMs) continue;
    lookAtMs = deps.clock.monotonicMs() + lookEachMs;
    await lookForCancel(course);
    await open.look();
  }
}

/** Makes each line a task, a limited number at a time, and waits until all have ended, or the batch has to. */
export async function pursue(course: Course): Promise<void> {
  const { open, deps } = course;
  await lookForCancel(course);
  for await (const lines of inChunks(linesOf(course))) {
    await roomFor(course, lines.length);
    if (isOver(course)) break;
    await submit(course, lines);
    tellProgress(course, false);
  }
  await roomFor(course, openMax);
  if (course.stopped) return;
  for (const id of open.ids()) await deps.queue.steer(id, 'cancelled');
}
