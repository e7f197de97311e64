import type { Deployment } from '@millrace/sdk';
import type { AddCommand } from '../add-command.ts';
import { replicaBoundsOf } from '#schema';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { facts } from '../format/table.ts';
import { ageText, durationText } from '../format/units.ts';
import { parseCount, getNamed, withNameHint } from '../names.ts';
import { waitForDeployment } from '../wait/deployment.ts';

type Scaled = NonNullable<NonNullable<Deployment['status']>['scaling']>;
type Fact = readonly [string, string | number | undefined];

function rounded(value: number | string): number | string {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}

function shadowText(shadow: Scaled['shadow']): string | undefined {
  if (shadow === undefined) return undefined;
  return `${shadow.policy} would have ${shadow.replicas}${shadow.leads ? ', and is followed' : ''}`;
}

/** Why a deployment has the replicas it has: what was decided last, and on which figures. */
function explained({ metadata, spec, status }: Deployment, nowMs: number): string {
  const { min, max } = replicaBoundsOf(spec);
  if (spec.scaling === undefined)
    return `${metadata.name} does not scale: it is to have ${min}. Give it spec.scaling to change that.`;
  const scaling = status?.scaling;
  if (scaling === undefined)
    return `${metadata.name} scales by ${spec.scaling.policy}; nothing was decided yet.`;
  const rows: readonly Fact[] = [
    ['wanted', `${scaling.replicas}, since ${ageText(scaling.since, nowMs)}`],
    ['ready', status?.readyReplicas],
    ['bounds', `${min} to ${max}`],
    ['policy', scaling.policy],
    ['in shadow', shadowText(scaling.shadow)],
    ['reason', scaling.reason],
    ...Object.entries(scaling.facts ?? {}).map(([name, value]): Fact => [`  ${name}`, rounded(value)]),
    ['a start takes', status?.coldStartMs === undefined ? undefined : durationText(status.coldStartMs)],
    ['as of', `${ageText(scaling.at, nowMs)} ago`],
  ];
  return facts(rows);
}

/** What `replicas.max` becomes; null takes it away where the number does not follow the load. */
function mostOf(spec: Deployment['spec'], least: number, asked: string | undefined): number | null {
  if (asked !== undefined) return parseCount(asked, 'The most replicas');
  return spec.scaling === undefined ? null : Math.max(least, replicaBoundsOf(spec).max);
}

export const scaleCommand: AddCommand = (program, terminal) => {
  const scale = program
    .command('scale')
    .description('change how many replicas a deployment has')
    .argument('<name>', 'the deployment')
    .argument('<replicas>', 'how many')
    .option('--max <replicas>', 'where it follows its load: at most so many; otherwise what was so before')
    .option('--wait', 'return when they are there')
    .action(
      called(terminal, async (context, [name = '', replicas = ''], command) => {
        const options = command.opts<{ readonly wait?: boolean; readonly max?: string }>();
        const count = parseCount(replicas, 'The number of replicas');
        const client = context.client();
        const { reason } = context.options;
        const deployments = client.resources('Deployment');
        const changed = await withNameHint(client, { kind: 'Deployment', name }, async () => {
          const { spec } = await deployments.get(name);
          if (spec.engine.urls !== undefined)
            throw new UsageError(
              `${name} has one replica for each address in spec.engine.urls: change those.`,
            );
          const patch = { spec: { replicas: { min: count, max: mostOf(spec, count, options.max) } } };
          return deployments.patch(name, patch, { reason });
        });
        const shown = options.wait === true ? await waitForDeployment(context, { name }) : changed;
        const ready = shown.status?.readyReplicas ?? 0;
        context.result(
          shown,
          options.wait === true ? `${name} has ${ready} ready` : `${name} is to have ${count}`,
        );
      }),
    );
  scale
    .command('explain')
    .description('why a deployment has as many replicas as it has')
    .argument('<name>', 'the deployment')
    .action(
      called(terminal, async (context, [name = '']) => {
        const client = context.client();
        const found = await getNamed(client, 'Deployment', name);
        context.result(found.status?.scaling ?? null, explained(found, terminal.nowMs()));
      }),
    );
};
