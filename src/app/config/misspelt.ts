import { nearest, type Config } from '#schema';
import { configLeaves } from './leaves.ts';

const ours = 'MILLRACE_';

/** The properties that name a variable: of a secret, for example. */
function namedIn({ postgres, s3, hf, tasks, kafka }: Config): readonly (string | undefined)[] {
  const s3Names = [s3.accessKeyEnv, s3.secretKeyEnv, s3.sessionTokenEnv];
  return [postgres.urlEnv, ...s3Names, hf.tokenEnv, tasks.webhooks.secretEnv, kafka?.sasl?.passwordEnv];
}

/**
 * What is said of variables that nothing reads and that are a slip of the fingers away from one that is read. Others
 * may be anybody's: Kubernetes sets MILLRACE_PORT where a service is called millrace.
 */
export function misspeltVariables(
  env: Readonly<Record<string, string | undefined>>,
  config: Config,
): readonly string[] {
  const others = [...namedIn(config), 'MILLRACE_URL', 'MILLRACE_KEY', 'MILLRACE_PYTHON'];
  const known = new Set([...configLeaves.map(({ variable }) => variable), ...others]);
  const tails = [...known].flatMap((name) => (name?.startsWith(ours) ? [name.slice(ours.length)] : []));
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith(ours) || known.has(name)) return [];
    const meant = nearest(name.slice(ours.length), tails);
    return meant === undefined ? [] : [`${name} is set, but nothing reads it. Did you mean ${ours}${meant}?`];
  });
}
