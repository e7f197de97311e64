import type { Millrace } from '@millrace/sdk';
import { didYouMean, problem, ProblemError } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { parseCount } from '../names.ts';

interface Writer {
  readonly name: string;
  /** In a cluster: who has what it wrote, unless that is the gateway's own process. */
  readonly node?: string | undefined;
}

/** The replicas behind a name: those of a deployment, or one. */
async function replicasOf(client: Millrace, name: string): Promise<readonly Writer[]> {
  const replicas = (await client.resources('Replica').list()).items;
  const named = replicas.filter((one) => one.spec.deployment === name || one.metadata.name === name);
  if (named.length > 0) return named.map(({ metadata, spec }) => ({ name: metadata.name, node: spec.node }));
  const deployments = (await client.resources('Deployment').list()).items.map((one) => one.metadata.name);
  if (deployments.includes(name)) return [];
  // A replica that has ended is no resource any more, but its last words may still be kept.
  if ((await client.replicaLogs(name).catch(() => [])).length > 0) return [{ name }];
  const hint = didYouMean(name, [...deployments, ...replicas.map((one) => one.metadata.name)]);
  throw new ProblemError(problem('not_found', `There is no deployment or replica "${name}".${hint}`));
}

/** A gateway reads the logs of its own process. */
function nothingText(name: string, replicas: readonly Writer[]): string {
  const nodes = [...new Set(replicas.flatMap(({ node }) => node ?? []))];
  if (nodes.length === 0) return `${name} has written nothing.`;
  return `This gateway has no logs of ${name}: they are in HOME/logs on ${nodes.join(', ')}, if anything was written.`;
}

export const logsCommand: AddCommand = (program, terminal) => {
  program
    .command('logs')
    .description('what the replicas of a deployment wrote, or one of them')
    .argument('<name>', 'a deployment or a replica')
    .option('-n, --lines <count>', 'the last lines of each', '100')
    .action(
      called(terminal, async (context, [name = ''], command) => {
        const options = command.opts<{ readonly lines: string }>();
        const lines = parseCount(options.lines, '--lines', 1);
        const client = context.client();
        const replicas = await replicasOf(client, name);
        const logs = await Promise.all(
          replicas.map(async ({ name: replica }) => ({
            replica,
            lines: await client.replicaLogs(replica, { lines }),
          })),
        );
        const prefix = (replica: string): string => (logs.length > 1 ? `${replica}: ` : '');
        const text = logs
          .flatMap((log) => log.lines.map((line) => `${prefix(log.replica)}${line}`))
          .join('\n');
        if (text === '' && context.options.json !== true) context.say(nothingText(name, replicas));
        else context.result(logs, text);
      }),
    );
};
