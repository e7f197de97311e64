import { hasEnded, taskStates, type Task } from '#schema';
import type { TaskQueue } from '#contracts';
import { batchViewOf } from './view.ts';

/** As many as a tenant may have that are not over. */
const batchesMax = 1000;

/** The id of a batch that is not over and reads this file. */
export async function batchThatReads(
  queue: Pick<TaskQueue, 'list' | 'get'>,
  { id, tenant }: Task,
): Promise<string | undefined> {
  for (const state of taskStates.filter((each) => !hasEnded(each))) {
    const listed = await queue.list({ lane: 'batch', tenant, state, limit: batchesMax });
    const batches = await queue.get(listed.map((batch) => batch.id));
    const found = batches.find((batch) => batchViewOf(batch, undefined).input_file_id === id);
    if (found !== undefined) return found.id;
  }
  return undefined;
}
