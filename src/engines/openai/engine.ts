import type { Engine, Result, SignsOfLife } from '#contracts';
import { openaiEndpoints, explain, problem } from '#schema';
import { ask } from '../wire/index.ts';
import { keyHeaders, type ReadSecret } from './key.ts';
import { openaiOptions, type OpenaiOptions } from './options.ts';

export interface OpenaiEngineDeps {
  readonly secret: ReadSecret;
}

/** An endpoint that somebody already runs, as a replica: nothing is launched, its health answer is its life. */
export function createOpenaiEngine({ secret }: OpenaiEngineDeps): Engine {
  return {
    name: 'openai',
    dialect: 'openai',
    formats: [],
    endpoints: openaiEndpoints,
    concurrency: (options) => openaiOptions.parse(options).concurrency,
    parseOptions: (options) => {
      const parsed = parseOptions(options);
      if (!parsed.ok) return parsed;
      const headers = keyHeaders(parsed.value, secret);
      return headers.ok ? { ok: true, value: { ...parsed.value } } : headers;
    },
    launch: (input) => {
      const { url } = openaiOptions.parse(input.options);
      return { kind: 'endpoint', url: url.replace(/\/+$/, '') };
    },
    modelThere: (options) => openaiOptions.parse(options).model,
    credentials: (options) => keyHeaders(openaiOptions.parse(options), secret),
    life: async (endpoint, signal, options) => {
      const parsed = parseOptions({ url: endpoint, ...options });
      if (!parsed.ok) return parsed;
      const headers = keyHeaders(parsed.value, secret);
      if (!headers.ok) return life('failed', headers.problem.message);
      const { healthPath } = parsed.value;
      const answered = await ask({ endpoint, path: healthPath, headers: headers.value, signal });
      return answered.ok ? judged(answered.value.status, healthPath) : answered;
    },
  };
}

function parseOptions(options: unknown): Result<OpenaiOptions> {
  const parsed = openaiOptions.safeParse(options ?? {});
  if (parsed.success) return { ok: true, value: parsed.data };
  const { param, message } = explain(openaiOptions, parsed.error, options);
  return {
    ok: false,
    problem: problem('invalid_resource', message, { param: `spec.engine.options.${param}` }),
  };
}

/** Only reachability can be judged: an endpoint of others has no progress counter, so a stall goes unnoticed. */
function judged(status: number, healthPath: string): Result<SignsOfLife> {
  if (status >= 200 && status < 300) return life('ready');
  if (status === 401 || status === 403) return life('failed', `It refuses the key (status ${status}).`);
  if (status === 404) return life('failed', `It has no ${healthPath}; set healthPath.`);
  return { ok: false, problem: problem('replica_failed', `It answers ${healthPath} with status ${status}.`) };
}

function life(state: SignsOfLife['state'], message?: string): Result<SignsOfLife> {
  return { ok: true, value: { state, progress: 0, active: 0, queued: 0, message } };
}
