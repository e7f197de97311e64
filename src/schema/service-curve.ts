import { z } from 'zod';

/** How fast one engine on one kind of hardware is with a model version: learned from what it served. */
export const serviceCurve = z.strictObject({
  engine: z.string().describe('The engine it was measured on.'),
  hardware: z.string().describe('The machine it was measured on, or the endpoint of an external engine.'),
  inputMs: z.number().describe('Milliseconds for each token of the prompt, or each request of a batch.'),
  outputMs: z.number().describe('Milliseconds for each token of the answer.'),
  fixedMs: z.number().describe('Milliseconds whatever the size.'),
  samples: z.number().int().describe('Measurements it rests on.'),
  spreadMs: z.number().describe('How far a prediction is usually off.'),
  meanInputs: z.number().describe('The usual size of what comes in: there it is known best.'),
  meanOutputs: z.number().describe('The usual size of an answer.'),
});

export const serviceCurves = z
  .array(serviceCurve)
  .max(64)
  .optional()
  .describe('How long requests occupy a place, by engine and hardware; learned while serving.');

export type ServiceCurveRecord = z.infer<typeof serviceCurve>;
