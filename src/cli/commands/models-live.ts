import type { Command } from 'commander';
import { liveAt } from '#schema';
import { kindLog } from '../audit-log.ts';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { momentMsOf } from '../format/parse-moment.ts';
import { table } from '../format/table.ts';
import type { Terminal } from '../terminal.ts';

export function addLive(models: Command, terminal: Terminal): void {
  models
    .command('live')
    .description('what every deployment served at a moment, since when, by whom and why')
    .option('--at <time>', 'for example 2026-11-20T10:00Z, or how long ago, such as 2h (else now)')
    .action(
      called(terminal, async (context, _, command) => {
        const { at } = command.opts<{ readonly at?: string }>();
        const nowMs = terminal.nowMs();
        const atMs = at === undefined ? nowMs : momentMsOf(at, nowMs);
        if (atMs === undefined)
          throw new UsageError(`--at must be a time such as 2026-11-20T10:00Z, not "${at}".`);
        const live = liveAt(await kindLog(context.client(), 'Deployment'), atMs);
        const rows = live.map((one) => [
          one.deployment,
          `${one.model}@${one.version}`,
          one.since,
          one.actor,
          one.reason ?? '',
        ]);
        const text = table(['DEPLOYMENT', 'SERVED', 'SINCE', 'BY', 'WHY'], rows);
        context.result(live, rows.length === 0 ? 'Nothing was deployed then.' : text);
      }),
    );
}
