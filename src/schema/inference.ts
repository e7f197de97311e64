import { z } from 'zod';

/** `POST /v1/inference`: the plain way to ask, whatever the model is for. */
export const inferenceRequest = z.strictObject({
  model: z.string().min(1).max(512).describe('A deployment, a model, or `model@version`.'),
  input_text: z.string().min(1).describe('What to answer, continue or embed.'),
  max_length: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('At most this many tokens are generated.'),
  temperature: z.number().min(0).max(2).optional().describe('0 always takes the likeliest token.'),
  stream: z.boolean().optional().describe('Send the answer as server-sent events while it comes into being.'),
});

export const inferenceResponse = z.strictObject({
  id: z.string().describe('The request id.'),
  model: z.string().describe('The deployment that answered.'),
  version: z.string().describe('The version of its model.'),
  predictions: z
    .array(
      z.strictObject({
        text: z.string().optional().describe('The answer.'),
        embedding: z.array(z.number()).optional().describe('The vector, from a model for embeddings.'),
        finish_reason: z.string().optional().describe('`stop` or `length`.'),
      }),
    )
    .describe('One entry for each answer.'),
  confidence: z
    .number()
    .optional()
    .describe(
      'Geometric mean of the probabilities of the generated tokens, 0 to 1; absent where the engine gives none.',
    ),
  usage: z
    .strictObject({
      prompt_tokens: z.number().int().describe('Tokens read.'),
      completion_tokens: z.number().int().describe('Tokens generated.'),
      total_tokens: z.number().int().describe('Both.'),
    })
    .describe('What it cost.'),
  timing: z
    .strictObject({
      queue_ms: z.number().describe('Waiting for a replica.'),
      total_ms: z.number().describe('From the arrival to the end of the answer.'),
    })
    .describe('How long it took.'),
});

export type InferenceRequest = z.infer<typeof inferenceRequest>;
export type InferenceResponse = z.infer<typeof inferenceResponse>;
