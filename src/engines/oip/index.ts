import type { Engine } from '#contracts';
import { oipEndpoints } from '#schema';
import { createExternalEngine, type ReadSecret } from '../wire/index.ts';
import { oipOptions } from './options.ts';

export { oipOptions };

interface OipEngineDeps {
  readonly secret: ReadSecret;
}

/** A server of others that speaks the Open Inference Protocol (Triton, KServe), as a replica. */
export function createOipEngine({ secret }: OipEngineDeps): Engine {
  return createExternalEngine(
    {
      name: 'oip',
      dialect: 'oip',
      endpoints: oipEndpoints,
      options: oipOptions,
    },
    secret,
  );
}
