import type { Millrace, Release, ResourceInputs } from '@millrace/sdk';
import type { Command } from 'commander';
import { isReleaseOver, problem, ProblemError } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called, type Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { durationMsOf } from '../format/parse-duration.ts';
import { releaseView } from '../format/release-view.ts';
import { parseAssignments, parseCount, getNamed } from '../names.ts';
import type { Terminal } from '../terminal.ts';
import { watchRelease } from '../wait/release.ts';

interface StartOptions {
  readonly strategy?: string;
  readonly steps?: string;
  readonly copies?: string;
  readonly stepTime?: string;
  readonly samples?: string;
  readonly window?: string;
  readonly sticky?: string;
  readonly engine?: string;
  readonly option?: readonly string[];
  readonly watch?: boolean;
}

function durationOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const durationMs = durationMsOf(text);
  if (durationMs === undefined) throw new UsageError(`${flag} must look like 30s, 5m or 2h, not "${text}".`);
  return durationMs;
}

function oneOf<T extends string>(text: string | undefined, flag: string, words: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found === undefined) throw new UsageError(`${flag} must be one of ${words.join(', ')}, not "${text}".`);
  return found;
}

type Spec = ResourceInputs['Release']['spec'];

function engineOf({ engine, option }: StartOptions): Spec['engine'] {
  if (engine === undefined && option === undefined) return undefined;
  if (engine === undefined) throw new UsageError('--option needs --engine: say what runs the new version.');
  return { name: engine, options: parseAssignments(option ?? []) };
}

/** What a strategy would not look at is refused: nobody would notice that it was in vain. */
function refuseIdle({ steps, copies }: StartOptions, strategy: Spec['strategy'] = 'canary'): void {
  if (copies !== undefined && strategy !== 'shadow')
    throw new UsageError('--copies needs --strategy shadow: no other is asked copies.');
  if (steps !== undefined && strategy !== 'canary' && strategy !== 'ab')
    throw new UsageError(`--steps are for canary or ab: ${strategy} has none.`);
}

function specOf(deployment: string, version: string, options: StartOptions): Spec {
  const engine = engineOf(options);
  const stepMs = durationOf(options.stepTime, '--step-time');
  const rollbackWindowMs = durationOf(options.window, '--window');
  const strategy = oneOf(options.strategy, '--strategy', ['canary', 'ab', 'blue-green', 'shadow'] as const);
  refuseIdle(options, strategy);
  const sticky = oneOf(options.sticky, '--sticky', ['session', 'user', 'key', 'request'] as const);
  return {
    deployment,
    version,
    ...(engine && { engine }),
    ...(strategy && { strategy }),
    ...(sticky && { sticky }),
    ...(options.steps && {
      steps: options.steps.split(',').map((step) => parseCount(step.trim(), '--steps', 1)),
    }),
    ...(options.copies && { shadow: { percent: parseCount(options.copies, '--copies', 1) } }),
    ...(stepMs !== undefined && { stepMs }),
    ...(rollbackWindowMs !== undefined && { rollbackWindowMs }),
    ...(options.samples && { samplesMin: parseCount(options.samples, '--samples', 1) }),
  };
}

function isOpen({ status }: Release): boolean {
  return !isReleaseOver(status?.state ?? 'pending');
}

/** The release of this name; else of the deployment of this name the one under way, or the newest. */
async function findRelease(client: Millrace, name: string): Promise<Release> {
  const { items } = await client.resources('Release').list();
  const named = items.find(({ metadata }) => metadata.name === name);
  const own = items
    .filter(({ spec }) => spec.deployment === name)
    .toSorted((a, b) => (b.metadata.createdAt ?? '').localeCompare(a.metadata.createdAt ?? ''));
  const found = named ?? own.find((one) => isOpen(one) && one.status?.split !== undefined) ?? own[0];
  if (found === undefined)
    throw new ProblemError(
      problem('not_found', `There is no release "${name}", nor one of a deployment of that name.`),
    );
  return found;
}

export async function decideRelease(
  context: Context,
  release: Release,
  verdict: 'promote' | 'roll-back',
): Promise<Release> {
  const { name } = release.metadata;
  if (!isOpen(release))
    throw new ProblemError(
      problem(
        'invalid_request',
        `The release "${name}" is over: ${release.status?.message ?? release.status?.state}`,
      ),
    );
  const { reason } = context.options;
  return await context.client().resources('Release').patch(name, { spec: { verdict } }, { reason });
}

/** Releases of files wait for each other; whoever starts one by hand wants it now, or to hear why not. */
async function refuseInVain(client: Millrace, { deployment: name, version, engine }: Spec): Promise<void> {
  const { spec } = await getNamed(client, 'Deployment', name);
  const { items } = await client.resources('Release').list();
  const open = items.find((one) => one.spec.deployment === name && isOpen(one));
  if (open !== undefined) {
    const told = `The release "${open.metadata.name}" of "${name}" is not over. Promote or abort it first.`;
    throw new ProblemError(problem('in_use', told));
  }
  if (spec.version === version && engine === undefined)
    throw new ProblemError(problem('invalid_request', `"${name}" serves version ${version} already.`));
}

function addStart(release: Command, terminal: Terminal): void {
  release
    .command('start')
    .description('put a new version beside the one that serves, and try it on a part of the requests')
    .argument('<deployment>')
    .argument('<version>', 'of the same model')
    .option('--strategy <name>', 'canary (default), ab, blue-green or shadow')
    .option('--steps <percents>', 'shares of the new version, for example 5,25,100')
    .option('--copies <percent>', 'part of the requests that a shadow is asked as well')
    .option('--step-time <duration>', 'how long a step lasts at least, for example 5m')
    .option('--samples <count>', 'requests of the new version that a step needs')
    .option('--window <duration>', 'how long the old version stays warm afterwards')
    .option('--sticky <what>', 'what stays with one version: session (default), user, key or request')
    .option('--engine <engine>', "what runs it (else the deployment's engine)")
    .option('--option <name=value...>', 'options of that engine')
    .option('--watch', 'show how it stands until it is over')
    .action(
      called(terminal, async (context, [deployment = '', version = ''], command) => {
        const options = command.opts<StartOptions>();
        const client = context.client();
        const spec = specOf(deployment, version, options);
        await refuseInVain(client, spec);
        const name = `${deployment}-${version}-${terminal.nowMs().toString(36)}`;
        const { reason } = context.options;
        const resource = { kind: 'Release', metadata: { name }, spec } as const;
        const started = await client.resources('Release').put(resource, { reason });
        if (options.watch === true) await watchRelease(context, name);
        else
          context.result(
            started,
            `${name} is under way; millrace release status ${deployment} shows how it stands`,
          );
      }),
    );
}

function addStatus(release: Command, terminal: Terminal): void {
  release
    .command('status')
    .description('how a release stands: share, samples, evidence of each gate')
    .argument('<name>', 'of the release, or of its deployment')
    .option('--watch', 'until it is over')
    .action(
      called(terminal, async (context, [name = ''], command) => {
        const found = await findRelease(context.client(), name);
        if (command.opts<{ readonly watch?: boolean }>().watch === true)
          await watchRelease(context, found.metadata.name);
        else context.result(found, releaseView(found, terminal.nowMs(), terminal.columns('out')));
      }),
    );
}

const verdicts = [
  [
    'promote',
    'promote',
    'promoted as soon as enough of its replicas are ready',
    'give all requests to the new version, whatever the evidence says',
  ],
  ['abort', 'roll-back', 'rolled back', 'give all requests to the old version again'],
] as const;

export const releaseCommand: AddCommand = (program, terminal) => {
  const release = program.command('release').description('new versions, tried beside the old');
  addStart(release, terminal);
  addStatus(release, terminal);
  for (const [word, verdict, outcome, description] of verdicts)
    release
      .command(word)
      .description(description)
      .argument('<name>', 'of the release, or of its deployment')
      .action(
        called(terminal, async (context, [name = '']) => {
          const found = await findRelease(context.client(), name);
          const decided = await decideRelease(context, found, verdict);
          context.result(decided, `${found.metadata.name}: ${outcome}`);
        }),
      );
};
