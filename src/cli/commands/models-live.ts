import type { Command } from 'commander';
import { besideAt, liveAt } from '#schema';
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
        const client = context.client();
        const releases = (await client.resources('Release').list()).items;
        const live = liveAt(await kindLog(client, 'Deployment'), atMs).map((one) => ({
          ...one,
          beside: besideAt(releases, one.deployment, atMs),
        }));
        const rows = live.map((one) => [
          one.deployment,
          `${one.model}@${one.version}`,
          one.beside ? `${Number((one.beside.share * 100).toFixed(1))} % to ${one.beside.version}` : '',
          one.since,
          one.actor,
          one.reason ?? '',
        ]);
        const text = table(['DEPLOYMENT', 'SERVED', 'BESIDE', 'SINCE', 'BY', 'WHY'], rows);
        context.result(live, rows.length === 0 ? 'Nothing was deployed then.' : text);
      }),
    );
}
