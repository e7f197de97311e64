import { z } from 'zod';

/** What dispatch hears and decides, written down: to be replayed, and to be simulated with. */
export const recordingConfig = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File to record requests and decisions in, for `millrace simulate`; written anew at each start. It holds no prompts, answers or secrets, but who asked and when. Nothing is recorded when absent.',
      ),
    bytesMax: z
      .number()
      .int()
      .min(65_536)
      .default(1_073_741_824)
      .describe('Recording ends when the file has this size.'),
  })
  .prefault({})
  .describe('Recording of what happens to requests.');
