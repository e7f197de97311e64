import { problem, ProblemError, type Task } from '#schema';
import type { Identity } from '../http/exchange.ts';
import type { FilesDeps } from './deps.ts';
import { isKept } from './view.ts';

/** A file that this caller may see: a tenant its own, an administrator everybody's. */
export async function findFile(
  { queue, clock }: Pick<FilesDeps, 'queue' | 'clock'>,
  identity: Identity,
  id: string,
): Promise<Task> {
  const [file] = await queue.get([id]);
  const isSeen = file !== undefined && (file.tenant === identity.tenant || identity.scopes.has('admin'));
  if (isSeen && file.lane === 'file' && isKept(file, clock.nowMs())) return file;
  throw new ProblemError(problem('not_found', `There is no file "${id}".`));
}
