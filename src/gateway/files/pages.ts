import { problem, ProblemError, type Task, type TaskLane } from '#schema';
import type { TaskQueue } from '#contracts';
import { wholeNumber } from '../admin/asking.ts';
import type { Exchange } from '../http/exchange.ts';
import { cursorIn } from '../tasks/cursor.ts';

interface Wanted {
  readonly lane: TaskLane;
  /** What ids of the lane begin with. */
  readonly idPrefix: string;
  readonly model?: string | undefined;
  readonly limit: { readonly max: number; readonly fallback: number };
  /** Those that are there for nobody any more are passed over; all are shown when absent. */
  readonly isShown?: (task: Task) => boolean;
}

export interface Page {
  readonly tasks: readonly Task[];
  readonly hasMore: boolean;
}

type Queue = Pick<TaskQueue, 'list'>;
type Question = Parameters<TaskQueue['list']>[0];

/** After a stretch in which some are passed over at least so many are read at once. */
const stretchMin = 100;

/** The first of those that are shown, however many lie between them: a page with room says that nothing more comes. */
async function firstShown(
  queue: Queue,
  asked: Question & { readonly limit: number },
  isShown: (task: Task) => boolean,
): Promise<readonly Task[]> {
  const shown: Task[] = [];
  let { before, limit } = asked;
  for (;;) {
    const found = await queue.list({ ...asked, before, limit });
    shown.push(...found.filter(isShown));
    if (shown.length >= asked.limit || found.length < limit) return shown.slice(0, asked.limit);
    before = found.at(-1)?.id;
    limit = Math.max(asked.limit, stretchMin);
  }
}

/** One page of a lane, newest first, of the caller's tenant; an administrator may name another one. */
export async function readPage(
  queue: Queue,
  { query, identity }: Exchange,
  { lane, idPrefix, model, limit: { max, fallback }, isShown = () => true }: Wanted,
): Promise<Page> {
  const limit = wholeNumber(query, 'limit', { min: 1, max, fallback });
  if (!limit.ok) throw new ProblemError(limit.problem);
  const order = query.get('order');
  if (order !== null && order !== 'desc') {
    const message = 'Lists are told newest first: "order" can only be "desc".';
    throw new ProblemError(problem('unsupported_parameter', message, { param: 'order' }));
  }
  const named = identity.scopes.has('admin') ? query.get('tenant') : null;
  const tenant = named ?? identity.tenant;
  const before = cursorIn(query, idPrefix);
  const asked = { lane, tenant, model, before, limit: limit.value + 1 };
  const found = await firstShown(queue, asked, isShown);
  return { tasks: found.slice(0, limit.value), hasMore: found.length > limit.value };
}

interface ListView<View> {
  readonly object: 'list';
  readonly data: readonly View[];
  readonly has_more: boolean;
  readonly first_id: string | undefined;
  readonly last_id: string | undefined;
}

/** A page in the shape of OpenAI's lists. */
export function listOf<View extends { readonly id: string }>(
  data: readonly View[],
  hasMore: boolean,
): ListView<View> {
  return { object: 'list', data, has_more: hasMore, first_id: data[0]?.id, last_id: data.at(-1)?.id };
}
