import { problem, ProblemError, type S3Config } from '#schema';
import type { S3Settings } from '#blobs';
import { namedFile } from './named-file.ts';
import { readSecret } from './secrets.ts';

function fromFile(path: string): S3Settings['credentials'] {
  const [accessKeyId = '', secretAccessKey = ''] = namedFile('s3.credentialsFile', path)
    .split('\n')
    .map((line) => line.trim());
  if (accessKeyId !== '' && secretAccessKey !== '') return { accessKeyId, secretAccessKey };
  const message = `${path} must hold the id of the access key on its first line and the secret key on the second.`;
  throw new ProblemError(problem('invalid_config', message, { param: 's3.credentialsFile' }));
}

function fromEnvironment({
  accessKeyEnv,
  secretKeyEnv,
  sessionTokenEnv,
}: S3Config): S3Settings['credentials'] {
  const accessKeyId = readSecret(accessKeyEnv);
  const secretAccessKey = readSecret(secretKeyEnv);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: readSecret(sessionTokenEnv) };
}

/** The server that the configuration means. Keys come from a file or the environment, never from the configuration. */
export function s3Settings(config: S3Config): S3Settings {
  const { endpoint, region, pathStyle, credentialsFile } = config;
  const credentials = credentialsFile === undefined ? fromEnvironment(config) : fromFile(credentialsFile);
  return { endpoint, region, pathStyle, credentials };
}
