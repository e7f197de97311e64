import { problem, ProblemError, type Config } from '#schema';
import { readSecret } from './secrets.ts';

export interface PostgresAddress {
  readonly url: string;
  readonly schema: string;
}

/** The server that the configuration means. The address holds a password, so it stays in the environment. */
export function postgresAddress({ postgres }: Config): PostgresAddress {
  const { urlEnv, schema } = postgres;
  const url = readSecret(urlEnv);
  if (url !== undefined) return { url, schema };
  const message = `\`store: postgres\` needs the address of the server in the environment variable ${urlEnv}.`;
  throw new ProblemError(problem('invalid_config', message, { param: 'postgres.urlEnv' }));
}
