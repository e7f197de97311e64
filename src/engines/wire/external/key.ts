import { readFileSync, statSync } from 'node:fs';
import type { Result } from '#contracts';
import { problem } from '#schema';
import type { KeyOptions } from './options.ts';

/** The value of an environment variable of the platform. */
export type ReadSecret = (name: string) => string | undefined;

/** Headers that carry the endpoint's key: none when it needs none, a problem when it cannot be had. */
export function keyHeaders(options: KeyOptions, secret: ReadSecret): Result<readonly string[]> {
  const { apiKeyEnv, apiKeyFile } = options;
  if (apiKeyEnv !== undefined) {
    const key = secret(apiKeyEnv);
    return key
      ? bearer('apiKeyEnv', key)
      : missing('apiKeyEnv', `The environment variable ${apiKeyEnv} is not set.`);
  }
  return apiKeyFile === undefined ? { ok: true, value: [] } : keyFromFile(apiKeyFile);
}

/** Far more than any key has. */
const keyBytesMax = 16 * 1024;

/** A pipe would block the platform, and a large file is none that holds a key. Links are followed: secrets are mounted so. */
function keyFromFile(path: string): Result<readonly string[]> {
  try {
    const file = statSync(path);
    if (!file.isFile()) return missing('apiKeyFile', `${path} is not a regular file.`);
    if (file.size > keyBytesMax)
      return missing('apiKeyFile', `${path} has ${file.size} bytes; a key has at most ${keyBytesMax}.`);
    const key = readFileSync(path, 'utf8').trim();
    return key === '' ? missing('apiKeyFile', `${path} is empty.`) : bearer('apiKeyFile', key);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return missing('apiKeyFile', `Cannot read the key: ${why}`);
  }
}

/** What a header can carry as one word. */
const sendable = /^[\x21-\x7e]+$/;

function bearer(param: keyof KeyOptions, key: string): Result<readonly string[]> {
  if (!sendable.test(key))
    return missing(param, 'The key holds spaces, line breaks or other characters that no key has.');
  return { ok: true, value: ['authorization', `Bearer ${key}`] };
}

function missing(param: string, message: string): Result<readonly string[]> {
  return {
    ok: false,
    problem: problem('invalid_resource', message, { param: `spec.engine.options.${param}` }),
  };
}
