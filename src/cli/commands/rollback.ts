import type { Millrace } from '@millrace/sdk';
import { isReleaseOver, isSameServed, problem, ProblemError, servedHistory, type Served } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { kindLog } from '../audit-log.ts';
import { called, type Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { getNamed } from '../names.ts';
import { decideRelease } from './release.ts';

/** What the deployment served before what it serves now. */
async function servedBefore(context: Context, name: string): Promise<Served> {
  const changes = servedHistory(await kindLog(context.client(), 'Deployment', name));
  const served = changes.flatMap((change) => change.served ?? []);
  const now = served.at(-1);
  const before = served.findLast((one) => now !== undefined && !isSameServed(one, now));
  if (before === undefined)
    throw new ProblemError(
      problem('not_found', `"${name}" has served nothing else that it could go back to.`),
    );
  return before;
}

/** The deployment of that name, the one behind an alias, or the only one of a model. */
async function deploymentMeant(client: Millrace, name: string): Promise<string> {
  const deployments = (await client.resources('Deployment').list()).items;
  if (deployments.some(({ metadata }) => metadata.name === name)) return name;
  const aliases = (await client.resources('Alias').list()).items;
  const alias = aliases.find(({ metadata }) => metadata.name === name);
  if (alias !== undefined) return alias.spec.deployment;
  const names = deployments.filter(({ spec }) => spec.model === name).map(({ metadata }) => metadata.name);
  if (names.length > 1)
    throw new UsageError(`Several deployments serve "${name}": say which of ${names.join(', ')} is meant.`);
  return names[0] ?? (await getNamed(client, 'Deployment', name)).metadata.name;
}

export const rollbackCommand: AddCommand = (program, terminal) => {
  program
    .command('rollback')
    .description('go back to the version that served before: at once while its release lasts')
    .argument('<name>', 'a deployment, an alias of one, or a model that one deployment serves')
    .action(
      called(terminal, async (context, [asked = '']) => {
        const client = context.client();
        const name = await deploymentMeant(client, asked);
        const releases = (await client.resources('Release').list()).items;
        const running = releases.find(
          ({ spec, status }) => spec.deployment === name && !isReleaseOver(status?.state ?? 'pending'),
        );
        if (running !== undefined) {
          const decided = await decideRelease(context, running, 'roll-back');
          context.result(decided, `${name}: the release ${running.metadata.name} is rolled back`);
          return;
        }
        const { model, version, engine } = await servedBefore(context, name);
        const { reason = `Rollback to ${model}@${version}` } = context.options;
        // A patch would mix the options of both engines.
        const now = await client.resources('Deployment').get(name);
        const spec = { ...now.spec, model, version, engine: engine ?? now.spec.engine };
        const changed = await client
          .resources('Deployment')
          .put({ kind: 'Deployment', metadata: now.metadata, spec }, { reason });
        context.result(changed, `${name} serves ${model}@${version} again soon`);
      }),
    );
};
