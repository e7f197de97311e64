import { MillraceError, type Millrace, type ModelVersion, type ResourceInputs } from '@millrace/sdk';
import { modelVersionName, tasks } from '#schema';
import type { ModelReference } from './names.ts';
import { UsageError } from './failure.ts';

type Task = (typeof tasks)[number];

interface VersionFacts {
  readonly source: string;
  readonly digest?: string | undefined;
  readonly parent?: string | undefined;
  readonly metadata?: ResourceInputs['ModelVersion']['spec']['metadata'];
}

export function parseTask(text: string | undefined): Task | undefined {
  const task = tasks.find((one) => one === text);
  if (text === undefined || task !== undefined) return task;
  throw new UsageError(`"${text}" is no task. Tasks: ${tasks.join(', ')}.`);
}

/** The version that was named, or the number after the highest there is. */
export async function versionFor(client: Millrace, { model, version }: ModelReference): Promise<string> {
  if (version !== undefined) return version;
  const numbers = (await client.resources('ModelVersion').list()).items
    .filter((one) => one.spec.model === model && /^\d{1,9}$/.test(one.spec.version))
    .map((one) => Number(one.spec.version));
  return String(Math.max(0, ...numbers) + 1);
}

async function existing(client: Millrace, model: string): Promise<boolean> {
  try {
    await client.resources('Model').get(model);
    return true;
  } catch (fault) {
    if (fault instanceof MillraceError && fault.code === 'not_found') return false;
    throw fault;
  }
}

export interface Registration {
  readonly model: string;
  readonly version: string;
  readonly task: Task | undefined;
  readonly facts: VersionFacts;
  readonly reason: string | undefined;
}

/** Makes the version, and its model where there is none yet, in one step. */
export async function registerVersion(
  client: Millrace,
  wanted: Registration,
): Promise<Pick<ModelVersion, 'metadata'>> {
  const { model, version, task, facts, reason } = wanted;
  const name = modelVersionName(model, version);
  const { source, digest, parent, metadata } = facts;
  const known = await existing(client, model);
  await client.apply(
    [
      ...(known && task === undefined
        ? []
        : [{ kind: 'Model' as const, metadata: { name: model }, spec: { ...(task && { task }) } }]),
      {
        kind: 'ModelVersion',
        metadata: { name },
        spec: {
          model,
          version,
          source,
          ...(digest !== undefined && { digest }),
          ...(parent !== undefined && { parent }),
          ...(metadata && { metadata }),
        },
      },
    ],
    { reason },
  );
  return { metadata: { name } };
}
