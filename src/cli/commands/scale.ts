import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { parseCount, withNameHint } from '../names.ts';
import { waitForDeployment } from '../wait/deployment.ts';

export const scaleCommand: AddCommand = (program, terminal) => {
  program
    .command('scale')
    .description('change how many replicas a deployment has')
    .argument('<name>', 'the deployment')
    .argument('<replicas>', 'how many')
    .option('--wait', 'return when they are there')
    .action(
      called(terminal, async (context, [name = '', replicas = ''], command) => {
        const options = command.opts<{ readonly wait?: boolean }>();
        const count = parseCount(replicas, 'The number of replicas');
        const client = context.client();
        const { reason } = context.options;
        const patch = { spec: { replicas: { min: count, max: null } } };
        const changed = await withNameHint(client, { kind: 'Deployment', name }, () =>
          client.resources('Deployment').patch(name, patch, { reason }),
        );
        const shown = options.wait === true ? await waitForDeployment(context, { name }) : changed;
        const ready = shown.status?.readyReplicas ?? 0;
        context.result(
          shown,
          options.wait === true ? `${name} has ${ready} ready` : `${name} is to have ${count}`,
        );
      }),
    );
};
