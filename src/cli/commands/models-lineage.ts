import type { ModelVersion } from '@millrace/sdk';
import type { Command } from 'commander';
import { modelVersionLabel } from '#schema';
import { called } from '../context.ts';
import { lineageTree, type LineageNode } from '../format/lineage-tree.ts';
import { getNamed } from '../names.ts';
import type { Terminal } from '../terminal.ts';

function isOf(node: LineageNode, model: string): boolean {
  return node.version.spec.model === model || node.children.some((child) => isOf(child, model));
}

function originOf({ spec }: ModelVersion): string {
  const { trainingJob, trainingData, commit, metrics = {} } = spec.metadata ?? {};
  const parts = [
    trainingJob && `job ${trainingJob}`,
    trainingData && `data ${trainingData}`,
    commit && `commit ${commit}`,
    ...Object.entries(metrics).map(([name, value]) => `${name} ${value}`),
  ].filter(Boolean);
  return parts.length === 0 ? '' : `  (${parts.join(', ')})`;
}

function lines({ version, children }: LineageNode, depth = 0): readonly string[] {
  const lost = depth === 0 && version.spec.parent ? `  from ${version.spec.parent}, which is gone` : '';
  const line = `${'  '.repeat(depth)}${modelVersionLabel(version.spec)}${originOf(version)}${lost}`;
  return [line, ...children.flatMap((child) => lines(child, depth + 1))];
}

export function addLineage(models: Command, terminal: Terminal): void {
  models
    .command('lineage')
    .description('which version came from which, by what run and from what data')
    .argument('<model>')
    .action(
      called(terminal, async (context, [model = '']) => {
        const client = context.client();
        await getNamed(client, 'Model', model);
        const roots = lineageTree((await client.resources('ModelVersion').list()).items);
        const ours = roots.filter((root) => isOf(root, model));
        context.result(ours, ours.flatMap((root) => lines(root)).join('\n'));
      }),
    );
}
