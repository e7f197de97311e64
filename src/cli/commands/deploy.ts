import { MillraceError, type Deployment, type Millrace, type ModelVersion } from '@millrace/sdk';
import { didYouMean, problem, ProblemError } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { engineFor } from '../engine-for.ts';
import { parseAssignments, parseCount, parseModelReference, type ModelReference } from '../names.ts';
import { waitForDeployment } from '../wait/deployment.ts';

interface Options {
  readonly name?: string;
  readonly engine?: string;
  readonly replicas?: string;
  readonly option?: readonly string[];
  readonly endpoint?: readonly string[];
  readonly wait?: boolean;
}

interface Found {
  readonly version: string;
  /** Undefined when none is there of which anything is known: the platform then says what is wrong. */
  readonly record: ModelVersion | undefined;
}

/** The version that was named, or the newest that can be deployed. */
async function findVersion(client: Millrace, { model, version }: ModelReference): Promise<Found> {
  const all = (await client.resources('ModelVersion').list()).items;
  const own = all.filter((one) => one.spec.model === model);
  if (version !== undefined) return { version, record: own.find((one) => one.spec.version === version) };
  const [newest] = own
    .filter((one) => one.status?.state !== 'failed')
    .toSorted((a, b) => (b.metadata.createdAt ?? '').localeCompare(a.metadata.createdAt ?? ''));
  if (newest !== undefined) return { version: newest.spec.version, record: newest };
  const hint = didYouMean(
    model,
    all.map((one) => one.spec.model),
  );
  throw new ProblemError(problem('not_found', `The model "${model}" has no version to deploy.${hint}`));
}

async function current(client: Millrace, name: string): Promise<Deployment | undefined> {
  try {
    return await client.resources('Deployment').get(name);
  } catch (fault) {
    if (fault instanceof MillraceError && fault.code === 'not_found') return undefined;
    throw fault;
  }
}

function templateOf({ spec: { model, version, engine } }: Deployment): string {
  return JSON.stringify([model, version, engine.name, engine.options]);
}

interface Wanted {
  readonly model: string;
  readonly version: string;
  readonly engine?: {
    readonly name?: string;
    readonly options?: Readonly<Record<string, unknown>>;
    readonly urls?: readonly string[];
  };
  readonly replicas?: { readonly min: number };
}

function wantedOf(model: string, version: string, options: Options): Wanted {
  const engine = {
    ...(options.engine !== undefined && { name: options.engine }),
    ...(options.option !== undefined && { options: parseAssignments(options.option) }),
    ...(options.endpoint !== undefined && { urls: options.endpoint }),
  };
  return {
    model,
    version,
    ...(Object.keys(engine).length > 0 && { engine }),
    ...(options.replicas !== undefined && { replicas: { min: parseCount(options.replicas, '--replicas') } }),
  };
}

export const deployCommand: AddCommand = (program, terminal) => {
  program
    .command('deploy')
    .description('keep a model version running, under a name that clients ask for')
    .argument('<model>', 'MODEL or MODEL@VERSION; the newest version when none is given')
    .option('--name <name>', 'of the deployment (else the name of the model)')
    .option('--engine <engine>', 'what runs it (else what loads files of this format)')
    .option('--replicas <count>', 'how many (else 1)')
    .option('--option <name=value...>', 'options of the engine')
    .option('--endpoint <url...>', 'endpoints that already run, for openai and oip: each becomes a replica')
    .option('--wait', 'return when it answers')
    .action(
      called(terminal, async (context, [reference = ''], command) => {
        const options = command.opts<Options>();
        const wanted = parseModelReference(reference);
        const client = context.client();
        const { version, record } = await findVersion(client, wanted);
        const name = options.name ?? wanted.model;
        const { reason } = context.options;
        const before = await current(client, name);
        const engine = options.engine ?? (before === undefined ? engineFor(record) : undefined);
        const spec = wantedOf(wanted.model, version, { ...options, ...(engine !== undefined && { engine }) });
        const deployments = client.resources('Deployment');
        const after =
          before === undefined
            ? await deployments.put({ kind: 'Deployment', metadata: { name }, spec }, { reason })
            : await deployments.patch(name, { spec }, { reason });
        const label = `${name} serves ${wanted.model}@${version}`;
        if (options.wait !== true) {
          context.result(after, `${label} soon; millrace status tells how far it is`);
          return;
        }
        const fresh = before === undefined || templateOf(before) !== templateOf(after);
        const generation = fresh ? after.metadata.generation : undefined;
        context.result(await waitForDeployment(context, { name, generation }), label);
      }),
    );
};
