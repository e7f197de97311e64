import type { Command } from 'commander';
import type { Millrace, PushedFile } from '@millrace/sdk';
import { tasks } from '#schema';
import { called, type Context } from '../context.ts';
import { bytesText } from '../format/units.ts';
import { openModelFile, type ModelFile } from '../model-file.ts';
import { parseModelReference } from '../names.ts';
import { bytesOfBytes, createProgress } from '../progress.ts';
import { parseTask, registerVersion, versionFor } from '../register-version.ts';
import type { Terminal } from '../terminal.ts';
import { waitForVersion } from '../wait/version.ts';

interface Options {
  readonly task?: string;
  readonly parent?: string;
  readonly commit?: string;
  readonly trainingData?: string;
}

/** Reads the file once for its digest, then sends what the platform does not have yet. */
async function upload(context: Context, client: Millrace, file: ModelFile): Promise<PushedFile> {
  const { sizeBytes } = file;
  const progress = createProgress(context);
  const step = (label: string, doneBytes: number): void => {
    const fraction = sizeBytes === 0 ? undefined : doneBytes / sizeBytes;
    progress.show({ label, fraction, detail: bytesOfBytes(doneBytes, sizeBytes) });
  };
  try {
    const digest = await file.hash((doneBytes) => {
      step('Reading', doneBytes);
    });
    progress.end();
    return await client.uploads.push(file, {
      digest,
      onProgress: ({ sentBytes }) => {
        step('Sending', sentBytes);
      },
    });
  } finally {
    progress.end();
  }
}

export function addPush(models: Command, terminal: Terminal): void {
  models
    .command('push')
    .description('send a model file and make it a version; an interrupted push goes on where it was')
    .argument('<file>', 'for example model.gguf')
    .argument('<model>', 'MODEL or MODEL@VERSION; the next number when no version is given')
    .option('--task <task>', 'what a new model is for: chat, completion or embedding')
    .option('--parent <version>', 'the version it was derived from, for example demo.1')
    .option('--commit <hash>', 'commit of the code that made it')
    .option('--training-data <text>', 'what it was trained on')
    .action(
      called(terminal, async (context, [path = '', reference = ''], command) => {
        const options = command.opts<Options>();
        const wanted = parseModelReference(reference);
        const task = parseTask(options.task);
        const client = context.client();
        const file = await openModelFile(path);
        try {
          // Asked first, so that nobody waits for a long file only to hear that the platform is not there.
          const version = await versionFor(client, wanted);
          const pushed = await upload(context, client, file);
          const { commit, trainingData, parent } = options;
          const facts = {
            source: 'upload',
            digest: pushed.digest,
            parent,
            ...((commit ?? trainingData) && { metadata: { commit, trainingData } }),
          };
          const { reason } = context.options;
          const told = tasks.find((one) => one === pushed.facts['task']);
          const { model } = wanted;
          const made = await registerVersion(client, { model, version, task: task ?? told, facts, reason });
          const ready = await waitForVersion(context, made.metadata.name);
          const what = `${pushed.format}, ${bytesText(pushed.sizeBytes)}`;
          context.result(ready, `${wanted.model}@${version} is ready (${what})`);
        } finally {
          await file.close();
        }
      }),
    );
}
