import { z } from 'zod';
import { priorities } from './priority.ts';

/** What somebody gets beside others when not all can be served at once. */
export const shareWeight = z
  .number()
  .min(0.001)
  .max(1000)
  .default(1)
  .describe('Its share beside others while requests wait: twice the weight, twice the work.');

export const highestPriority = z
  .enum(priorities)
  .default('standard')
  .describe(
    'The highest class that requests with this key may ask for by `x-priority`; a higher one is lowered to it.',
  );
