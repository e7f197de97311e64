import { z } from 'zod';

export const routing = z
  .strictObject({
    prefixCacheTokens: z
      .number()
      .int()
      .min(0)
      .max(1_000_000_000)
      .default(500_000)
      .describe(
        'Tokens of prompts that one replica keeps, for prompts that begin alike: what the engine sets aside for its prefix cache. A request then goes where more of its prompt was read before, if that is sooner. 0 where the engine keeps none.',
      ),
  })
  .prefault({})
  .describe('How a replica is chosen.');
