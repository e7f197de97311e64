import { z } from 'zod';
import { moduleFile } from './module-file.ts';

/** A user's own code around the requests of a deployment. */
export const steps = z
  .strictObject({
    pre: moduleFile('steps')
      .optional()
      .describe(
        'ES module that exports `pre(request, context)`: changes or refuses requests. Only a key with the scope `admin` may set it.',
      ),
    post: moduleFile('steps')
      .optional()
      .describe(
        'ES module that exports `post(response, context)`, for streams `chunk(event, context)`: changes answers. Only a key with the scope `admin` may set it.',
      ),
    timeoutMs: z
      .number()
      .int()
      .min(1)
      .max(60_000)
      .default(1000)
      .describe('A step that takes longer than this is stopped, and what it worked on fails.'),
    memoryMb: z
      .number()
      .int()
      .min(16)
      .max(4096)
      .default(64)
      .describe('Memory of the thread that runs the steps, in MiB; beyond it the thread is replaced.'),
    queueDepthMax: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(256)
      .describe('Calls that may wait for the thread; beyond that 503 `overloaded`.'),
  })
  .refine((given) => given.pre !== undefined || given.post !== undefined, {
    message: 'names a module as "pre" or "post"',
  })
  .optional()
  .describe('Your own code around requests and answers; see the guide on steps.');

export type StepsSpec = NonNullable<z.infer<typeof steps>>;
