import { problem, ProblemError, problemOf, type Config } from '#schema';
import { readSecret } from './secrets.ts';

export interface PostgresAddress {
  readonly url: string;
  readonly schema: string;
}

/** The server that the configuration means. The address holds a password, so it stays in the environment. */
export function postgresAddress({ postgres }: Config): PostgresAddress {
  const { urlEnv, schema } = postgres;
  const url = readSecret(urlEnv);
  const isAddress = url !== undefined && /^postgres(ql)?:\/\//.test(url);
  if (isAddress) return { url, schema };
  const wanted = `postgres://user:password@host:port/database, in the environment variable ${urlEnv}`;
  const found = url === undefined ? '' : ' What is there is none.';
  const message = `\`store: postgres\` needs the address of the server, ${wanted}.${found}`;
  throw new ProblemError(problem('invalid_config', message, { param: 'postgres.urlEnv' }));
}

/** Why the server cannot be used, with where its address was taken from: that may be what is wrong. */
export function serverProblem({ postgres }: Config, fault: unknown): ProblemError {
  const { code, message } = problemOf(fault);
  const told = `${message} Its address is in the environment variable ${postgres.urlEnv}.`;
  const param = 'postgres.urlEnv';
  return new ProblemError(problem(code === 'internal' ? 'invalid_config' : code, told, { param }));
}
