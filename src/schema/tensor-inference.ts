import { z } from 'zod';

const tensor = {
  name: z.string().min(1).describe('As the model calls it.'),
  shape: z.array(z.number().int().min(0)).describe('Its dimensions.'),
  datatype: z.string().describe('`FP32`, `INT64`, `BYTES` for texts, and so on.'),
};
const parameters = z.record(z.string(), z.unknown()).optional().describe('As the engine takes them.');
const data = z.array(z.unknown()).describe('Its elements, row by row; flat or nested.');

/** `POST /v1/inference` with tensors: for models behind engines that speak the Open Inference Protocol. */
export const tensorRequest = z.strictObject({
  model: z.string().min(1).max(512).describe('A deployment, a model, or `model@version`.'),
  inputs: z
    .array(z.strictObject({ ...tensor, parameters, data }))
    .describe('The tensors that the model reads.'),
  outputs: z
    .array(z.strictObject({ name: z.string(), parameters }))
    .optional()
    .describe('Which of its outputs are wanted; all when absent.'),
  parameters,
});

export const tensorResponse = z.strictObject({
  id: z.string().describe('The request id.'),
  model: z.string().describe('The deployment that answered.'),
  version: z.string().describe('The version of its model.'),
  outputs: z.array(z.strictObject({ ...tensor, parameters, data })).describe('What the model computed.'),
  timing: z
    .strictObject({
      queue_ms: z.number().describe('Waiting for a replica.'),
      total_ms: z.number().describe('From the arrival to the end of the answer.'),
    })
    .describe('How long it took.'),
});

/** What a request may hold; its tensors are read by the engine. */
export const tensorMembers: ReadonlySet<string> = new Set(Object.keys(tensorRequest.shape));
