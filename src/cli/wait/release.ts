import type { Release } from '@millrace/sdk';
import { isReleaseOver, problem, ProblemError } from '#schema';
import type { Context } from '../context.ts';
import { releaseView } from '../format/release-view.ts';
import { follow } from './follow.ts';
import { createRedraw } from './redraw.ts';

/** Shows a release until it is over: drawn anew on a terminal, a line for each change elsewhere. */
function createDisplay({ terminal, options }: Context): (release: Release) => void {
  const { err } = terminal;
  const redraw = createRedraw(terminal);
  let said = '';
  return (release) => {
    if (options.json === true) return;
    if (terminal.errIsTerminal) {
      redraw(releaseView(release, terminal.nowMs(), terminal.columns('err')));
      return;
    }
    const { status } = release;
    const line = `${status?.state ?? 'pending'}: ${status?.message ?? ''}`;
    if (line !== said) err.write(`${line}\n`);
    said = line;
  };
}

/** Follows a release to its end; a version that was not promoted is a failure. */
export async function watchRelease(context: Context, name: string): Promise<void> {
  const show = createDisplay(context);
  const ending = new AbortController();
  const last = await new Promise<Release>((resolve, reject) => {
    follow(context.client(), 'Release', {
      signal: ending.signal,
      isWanted: (one) => one === name,
      changed: (all) => {
        const release = all.get(name);
        if (release === undefined) {
          reject(new ProblemError(problem('not_found', `The release "${name}" was deleted meanwhile.`)));
          return;
        }
        show(release);
        if (isReleaseOver(release.status?.state ?? 'pending')) resolve(release);
      },
    }).catch(reject);
  }).finally(() => {
    ending.abort();
  });
  const message = last.status?.message ?? last.status?.state ?? '';
  if (last.status?.state !== 'promoted') throw new ProblemError(problem('model_unavailable', message));
  context.result(last, `${name} is promoted. ${message}`);
}
