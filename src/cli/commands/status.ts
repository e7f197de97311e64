import type { DeploymentInShort, MemberInShort, PlatformStatus } from '@millrace/sdk';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { facts, table } from '../format/table.ts';
import { durationText, percentText } from '../format/units.ts';

function stateText({ state, replicas, message }: DeploymentInShort): string {
  const loading = replicas.find((one) => one.state === 'loading' && one.loadedFraction !== undefined);
  const how =
    loading?.loadedFraction === undefined ? state : `${state} ${percentText(loading.loadedFraction)}`;
  // Why one of them is not there now says more than what was the matter last.
  const why = replicas.find((one) => one.state !== 'ready' && one.message !== undefined)?.message ?? message;
  return why === undefined ? how : `${how}: ${why}`;
}

function memberText({ name, roles, leaves }: MemberInShort): string {
  const does = roles === undefined ? 'another version' : roles.join(', ');
  return `${name} (${does}${leaves === true ? ', leaves' : ''})`;
}

function statusText(status: PlatformStatus): string {
  const counts = Object.entries(status.counts).map(([plural, count]) => `${count} ${plural}`);
  const head = facts([
    ['Millrace', status.version],
    ['Running for', durationText(status.uptimeMs)],
    ['Engines', status.engines.join(', ')],
    ['Resources', counts.join(', ')],
    ['Processes', status.members?.map(memberText).join(', ')],
  ]);
  if (status.deployments.length === 0)
    return `${head}\n\nNothing is deployed. Begin with: millrace models push --help`;
  const rows = status.deployments.map((one) => [
    one.name,
    `${one.model}@${one.version}`,
    `${one.readyReplicas}/${one.wantedReplicas}`,
    stateText(one),
  ]);
  return `${head}\n\n${table(['DEPLOYMENT', 'MODEL', 'READY', 'STATE'], rows)}`;
}

export const statusCommand: AddCommand = (program, terminal) => {
  program
    .command('status')
    .description('how the platform and its deployments do')
    .action(
      called(terminal, async (context) => {
        const status = await context.client().status();
        context.result(status, statusText(status));
      }),
    );
};
