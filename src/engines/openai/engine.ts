import type { Engine } from '#contracts';
import { openaiEndpoints } from '#schema';
import { createExternalEngine, type ReadSecret } from '../wire/index.ts';
import { openaiOptions } from './options.ts';

export interface OpenaiEngineDeps {
  readonly secret: ReadSecret;
}

/** An endpoint that somebody already runs, and that speaks OpenAI's dialect, as a replica. */
export function createOpenaiEngine({ secret }: OpenaiEngineDeps): Engine {
  return createExternalEngine(
    { name: 'openai', dialect: 'openai', endpoints: openaiEndpoints, options: openaiOptions },
    secret,
  );
}
