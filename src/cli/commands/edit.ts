import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { MergePatch, Resources, WritableKind } from '@millrace/sdk';
import { problem, ProblemError } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { resourceLabel } from '../manifests.ts';
import { mergePatchBetween } from '../merge-patch.ts';
import { getNamed } from '../names.ts';
import { parseWritableKind } from './delete.ts';

/** What people may change of a resource. */
function editable({ metadata, spec }: Resources[WritableKind]): object {
  const { labels = {}, annotations = {} } = metadata;
  return { metadata: { labels, annotations }, spec };
}

/** The shell knows the person's editor, and splits `code --wait` into words. */
function runEditor(editor: string | undefined, path: string): Promise<void> {
  const command = editor ?? '${VISUAL:-${EDITOR:-vi}}';
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${command} "$1"`, 'sh', path], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(new ProblemError(problem('invalid_request', `The editor ended with code ${String(code)}.`)));
    });
  });
}

function isPatch(value: unknown): value is MergePatch {
  return typeof value === 'object' && value !== null;
}

function parseEdited(text: string): unknown {
  try {
    const value: unknown = parse(text);
    return value;
  } catch (fault) {
    throw new UsageError(`This is not YAML: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}

interface Editing {
  readonly editor: string | undefined;
  readonly use: (changed: string) => Promise<void>;
  /** Hears where the file stays when something fails, so that nothing typed is lost. */
  readonly onKept: (path: string) => void;
}

/** Lets a person change text. */
async function edited(text: string, { editor, use, onKept }: Editing): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-edit-'));
  const path = join(folder, 'resource.yaml');
  await writeFile(path, text);
  try {
    await runEditor(editor, path);
    await use(await readFile(path, 'utf8'));
  } catch (fault) {
    const typed = await readFile(path, 'utf8').catch(() => text);
    if (typed === text) await rm(folder, { recursive: true });
    else onKept(path);
    throw fault;
  }
  await rm(folder, { recursive: true });
}

export const editCommand: AddCommand = (program, terminal) => {
  program
    .command('edit')
    .description('change a resource in your editor')
    .argument('<kind>')
    .argument('<name>')
    .option('--editor <command>', 'instead of $VISUAL or $EDITOR')
    .action(
      called(terminal, async (context, [word = '', name = ''], command) => {
        const options = command.opts<{ readonly editor?: string }>();
        const kind = parseWritableKind(word);
        const client = context.client();
        const resources = client.resources(kind);
        const before = await getNamed(client, kind, name);
        const label = resourceLabel(kind, name);
        const use = async (text: string): Promise<void> => {
          const patch = mergePatchBetween(editable(before), parseEdited(text));
          if (!isPatch(patch)) {
            context.result(before, `${label} unchanged`);
            return;
          }
          const { reason } = context.options;
          context.result(await resources.patch(name, patch, { reason }), `${label} configured`);
        };
        const onKept = (path: string): void => {
          context.say(`Your changes are kept in ${path}.`);
        };
        await edited(stringify(editable(before)), { editor: options.editor, use, onKept });
      }),
    );
};
