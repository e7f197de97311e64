import { z } from 'zod';
import {
  accelerators,
  languageModels,
  memoryOf,
  type Accelerator,
  type LanguageModel,
} from './accelerators.ts';

const accelerated = Object.keys(accelerators).filter((name): name is Accelerator => name in accelerators);
const models = Object.keys(languageModels).filter((name): name is LanguageModel => name in languageModels);

/** What a step costs, predicted from a data sheet instead of told. */
export const scenarioHardware = z
  .strictObject({
    gpu: z.enum(accelerated).describe('The accelerator.'),
    model: z.enum(models).describe('The language model on it.'),
    gpus: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe('Accelerators of one replica (tensor parallel).'),
    precision: z.enum(['bf16', 'fp8']).default('bf16').describe('Of the weights.'),
  })
  .superRefine((hardware, context) => {
    const { weightsGB, thereGB } = memoryOf(hardware);
    const { gpu, model, gpus, precision } = hardware;
    const message = `the weights of ${model} in ${precision} take ${Math.ceil(weightsGB)} GB, ${gpus} × ${gpu} have ${Math.floor(thereGB)} GB for them`;
    if (weightsGB >= thereGB) context.addIssue({ code: 'custom', path: ['gpus'], message });
  })
  .optional()
  .describe(
    'Predicts `stepMs`, `prefillTokensPerS`, `sequenceMs`, `contextMsPer1000` and `contextTokensMax`, which then mean nothing, from the data sheet of a GPU. `bench:engine-models` tells how well.',
  );

export type ScenarioHardware = NonNullable<z.infer<typeof scenarioHardware>>;
