/** Shelf of sources: where model files can be pulled from. */
import type { Source } from '#contracts';
import type { S3Settings } from '#s3';
import { createFileSource } from './file/index.ts';
import { createHfSource } from './hf/index.ts';
import { createHttpsSource } from './https/index.ts';
import { createS3Source } from './s3/index.ts';

interface SourcesDeps {
  /** The server that `s3:` names. */
  readonly s3: S3Settings;
  /** The hub that `hf:` names, for example `https://huggingface.co`. */
  readonly hubUrl: string;
  /** Access token for it. Sent to the hub alone. */
  readonly token?: string | undefined;
  /** For the hub; the platform's own when absent. */
  readonly fetch?: typeof fetch | undefined;
  /** How long a place may stay silent before it counts as gone. 30 s when absent. */
  readonly idleMs?: number | undefined;
}

/** Every source, by the scheme of the addresses it opens. */
export function createSources(deps: SourcesDeps): ReadonlyMap<string, Source> {
  const idleMs = deps.idleMs ?? 30_000;
  const sources = [
    createFileSource(),
    createHttpsSource({ scheme: 'https', idleMs }),
    createHttpsSource({ scheme: 'http', idleMs }),
    createHfSource({ ...deps, idleMs }),
    createS3Source(deps.s3),
  ];
  return new Map(sources.map((source) => [source.scheme, source]));
}
