import { readFileSync } from 'node:fs';
import type { Result } from '#contracts';
import { problem } from '#schema';
import type { OpenaiOptions } from './options.ts';

/** The value of an environment variable of the platform. */
export type ReadSecret = (name: string) => string | undefined;

/** Headers that carry the endpoint's key: none when it needs none, a problem when it cannot be had. */
export function keyHeaders(options: OpenaiOptions, secret: ReadSecret): Result<readonly string[]> {
  const { apiKeyEnv, apiKeyFile } = options;
  if (apiKeyEnv !== undefined) {
    const key = secret(apiKeyEnv);
    return key ? bearer(key) : missing('apiKeyEnv', `The environment variable ${apiKeyEnv} is not set.`);
  }
  if (apiKeyFile === undefined) return { ok: true, value: [] };
  try {
    const key = readFileSync(apiKeyFile, 'utf8').trim();
    return key === '' ? missing('apiKeyFile', `${apiKeyFile} is empty.`) : bearer(key);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return missing('apiKeyFile', `Cannot read the key: ${why}`);
  }
}

function bearer(key: string): Result<readonly string[]> {
  return { ok: true, value: ['authorization', `Bearer ${key}`] };
}

function missing(param: string, message: string): Result<readonly string[]> {
  return {
    ok: false,
    problem: problem('invalid_resource', message, { param: `spec.engine.options.${param}` }),
  };
}
