import { z } from 'zod';

const apiKeyEnv = z
  .string()
  .min(1)
  .optional()
  .describe(
    'Name of the environment variable of the platform that holds the key. Only a key with the scope `admin` may set it, or change `url` or `urls` beside it.',
  );

const apiKeyFile = z
  .string()
  .min(1)
  .optional()
  .describe(
    'Path of a file that holds the key, and nothing else: a regular file of at most 16 KiB, or a link to one (as Kubernetes mounts secrets). Only a key with the scope `admin` may set it, or change `url` or `urls` beside it.',
  );

const concurrency = z
  .number()
  .int()
  .min(1)
  .max(100_000)
  .default(64)
  .describe('Requests it is given at the same time; the others wait here.');

interface ExternalWords {
  /** What the address leads to. */
  readonly url: string;
  readonly healthPath: string;
}

/** Options of every engine that is somebody else's endpoint. */
// eslint-disable-next-line typescript/explicit-module-boundary-types -- the type is in the schema
export function externalFields({ url, healthPath }: ExternalWords) {
  return {
    url: z.url({ protocol: /^https?$/ }).describe(url),
    healthPath: z
      .string()
      .regex(/^\/\S*$/, 'must begin with "/"')
      .default(healthPath)
      .describe('Asked for signs of life, below `url`: any 2xx means ready.'),
    apiKeyEnv,
    apiKeyFile,
    concurrency,
  };
}

/** Where the key of an endpoint lies. */
export interface KeyOptions {
  readonly apiKeyEnv?: string | undefined;
  readonly apiKeyFile?: string | undefined;
}

export function hasOneKey(options: KeyOptions): boolean {
  return options.apiKeyEnv === undefined || options.apiKeyFile === undefined;
}

export const oneKey = {
  path: ['apiKeyFile'],
  message: 'give the key by apiKeyEnv or by apiKeyFile, not both',
};

export type ExternalOptions = KeyOptions & {
  readonly url: string;
  readonly healthPath: string;
  readonly concurrency: number;
  /** What the model is called there. */
  readonly model?: string | undefined;
} & Readonly<Record<string, unknown>>;
