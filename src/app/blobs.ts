import { join } from 'node:path';
import { problem, ProblemError, type Config } from '#schema';
import type { Blobs, Clock } from '#contracts';
import { createDiskBlobs, createS3Blobs, withLocalCopies } from '#blobs';
import { s3Settings } from './config/s3.ts';
import type { HomePaths } from './home/paths.ts';

export interface BlobStores {
  /** Files of models. */
  readonly models: Blobs;
  /** Long inputs and answers of tasks, and files of users. */
  readonly tasks: Blobs;
}

export interface BlobParts {
  readonly config: Config;
  readonly paths: HomePaths;
  readonly clock: Clock;
}

/** Big files lie on this machine's disk, or in a bucket, with copies here of the models that run here. */
export async function openBlobs({ config, paths, clock }: BlobParts): Promise<BlobStores> {
  const { kind, dir, bucket, prefix } = config.blobs;
  const near = await createDiskBlobs({ dir: dir ?? paths.blobs });
  const tasksDir = dir === undefined ? paths.taskBlobs : join(dir, 'tasks');
  if (kind === 'disk') return { models: near, tasks: await createDiskBlobs({ dir: tasksDir }) };
  if (bucket === undefined)
    throw new ProblemError(
      problem('invalid_config', '`blobs.kind: s3` needs `blobs.bucket`.', { param: 'blobs.bucket' }),
    );
  const settings = s3Settings(config.s3);
  const open = (part: string): Promise<Blobs> =>
    createS3Blobs({ settings, bucket, prefix: `${prefix}${part}/`, clock });
  return { models: withLocalCopies(await open('models'), near), tasks: await open('tasks') };
}
