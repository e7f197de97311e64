import type { z } from 'zod';
import type { Engine, Result, SignsOfLife } from '#contracts';
import { explain, problem } from '#schema';
import { ask } from '../ask.ts';
import { keyHeaders, type ReadSecret } from './key.ts';
import type { ExternalOptions } from './options.ts';

export interface ExternalSpec<Options extends ExternalOptions> extends Pick<
  Engine,
  'name' | 'dialect' | 'endpoints'
> {
  readonly options: z.ZodType<Options>;
}

/** An endpoint that somebody already runs, as a replica: nothing is launched, its health answer is its life. */
export function createExternalEngine<Options extends ExternalOptions>(
  spec: ExternalSpec<Options>,
  secret: ReadSecret,
): Engine {
  const { options: schema, ...told } = spec;
  return {
    ...told,
    formats: [],
    modelThere: (options) => schema.parse(options).model,
    concurrency: (options) => schema.parse(options).concurrency,
    parseOptions: (options) => {
      const parsed = parseOptions(schema, options);
      if (!parsed.ok) return parsed;
      const headers = keyHeaders(parsed.value, secret);
      return headers.ok ? { ok: true, value: { ...parsed.value } } : headers;
    },
    launch: (input) => {
      const { url } = schema.parse(input.options);
      return { kind: 'endpoint', url: url.replace(/\/+$/, '') };
    },
    credentials: (options) => keyHeaders(schema.parse(options), secret),
    life: async (endpoint, signal, options) => {
      const parsed = parseOptions(schema, { url: endpoint, ...options });
      if (!parsed.ok) return parsed;
      const headers = keyHeaders(parsed.value, secret);
      if (!headers.ok) return life('failed', headers.problem.message);
      const { healthPath } = parsed.value;
      const answered = await ask({ endpoint, path: healthPath, headers: headers.value, signal });
      return answered.ok ? judged(answered.value.status, healthPath) : answered;
    },
  };
}

function parseOptions<Options extends ExternalOptions>(
  schema: z.ZodType<Options>,
  options: unknown,
): Result<Options> {
  const parsed = schema.safeParse(options ?? {});
  if (parsed.success) return { ok: true, value: parsed.data };
  const { param, message } = explain(schema, parsed.error, options);
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
