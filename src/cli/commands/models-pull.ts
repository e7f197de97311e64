import { resolve } from 'node:path';
import type { Command } from 'commander';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { bytesText } from '../format/units.ts';
import { parseModelReference } from '../names.ts';
import { parseTask, registerVersion, versionFor } from '../register-version.ts';
import type { Terminal } from '../terminal.ts';
import { waitForVersion } from '../wait/version.ts';

interface Options {
  readonly task?: string;
  readonly digest?: string;
  readonly parent?: string;
  readonly wait: boolean;
}

/** `file:` paths are relative to where the command runs; the platform wants them whole. */
function sourceOf(text: string): string {
  if (text.startsWith('file:') && !text.startsWith('file:/'))
    return `file:${resolve(text.slice('file:'.length))}`;
  if (/^[a-z][a-z0-9+.-]*:./.test(text)) return text;
  throw new UsageError(
    `"${text}" is no source: use file:PATH, https://…, s3://BUCKET/KEY or hf:OWNER/REPO/FILE[@REVISION].`,
  );
}

export function addPull(models: Command, terminal: Terminal): void {
  models
    .command('pull')
    .description('have the platform fetch a model file and make it a version')
    .argument('<source>', 'file:PATH, https://…, s3://BUCKET/KEY or hf:OWNER/REPO/FILE[@REVISION]')
    .argument('<model>', 'MODEL or MODEL@VERSION; the next number when no version is given')
    .option('--task <task>', 'what a new model is for: chat, completion or embedding')
    .option('--digest <digest>', 'sha256:… that the file must have')
    .option('--parent <version>', 'the version it was derived from, for example demo.1')
    .option('--no-wait', 'return while it is still being fetched')
    .action(
      called(terminal, async (context, [source = '', reference = ''], command) => {
        const options = command.opts<Options>();
        const wanted = parseModelReference(reference);
        const task = parseTask(options.task);
        const { digest, parent } = options;
        const facts = { source: sourceOf(source), digest, parent };
        const client = context.client();
        const version = await versionFor(client, wanted);
        const { reason } = context.options;
        const made = await registerVersion(client, { model: wanted.model, version, task, facts, reason });
        const label = `${wanted.model}@${version}`;
        if (!options.wait) {
          context.result(made, `${label} is being fetched`);
          return;
        }
        const ready = await waitForVersion(context, made.metadata.name);
        const { format = 'file', sizeBytes = 0 } = ready.status ?? {};
        context.result(ready, `${label} is ready (${format}, ${bytesText(sizeBytes)})`);
      }),
    );
}
