import { z } from 'zod';

const positive = z.number().positive().max(1e9);
const seconds = z.number().min(0).max(10_000_000);

/** Token counts of prompts or answers. */
const lengthSpec = z
  .strictObject({
    mean: positive.describe('Mean, in tokens.'),
    cv: z
      .number()
      .min(0)
      .max(20)
      .default(0)
      .describe('Standard deviation divided by the mean; log-normal. 0: always the mean.'),
    max: positive.default(1_000_000).describe('Never more than this.'),
  })
  .describe('Tokens.');

const workloadFields = z.strictObject({
  kind: z
    .enum(['poisson', 'file', 'rate', 'servegen', 'recording', 'closed'])
    .describe(
      '`poisson`: a constant rate, in bursts with `cv` above 1; `file`: requests one by one; `rate`: a rate over time; `servegen`: clients with rates and burstiness of their own; `recording`: what `up --record` wrote down; `closed`: callers that each ask again as soon as they are answered.',
    ),
  ratePerS: positive.optional().describe('`poisson`: requests per second.'),
  clients: z.number().int().min(1).max(100_000).optional().describe('`closed`: so many callers.'),
  cv: z
    .number()
    .min(0)
    .max(20)
    .default(1)
    .describe('`poisson` and `rate`: standard deviation of the gaps divided by their mean. 1 is Poisson.'),
  path: z
    .string()
    .min(1)
    .optional()
    .describe(
      'CSV or JSON Lines, also with .gz. `file`: `t_s` or `timestamp` (ms) with token counts, dates count from the first; `rate`: `t_s` or `t_min` with `requests` per window or `rpm_mid`; `servegen`: client, t_s, requests, cv.',
    ),
  scale: positive.default(1).describe('So many times the requests, at the same times.'),
  speed: positive.default(1).describe('So many times faster than it was.'),
  fromS: seconds.default(0).describe('Begin at this time of the file.'),
  prompt: lengthSpec.prefault({ mean: 512 }).describe('Tokens of prompts where the file does not say.'),
  output: lengthSpec.prefault({ mean: 128 }).describe('Tokens of answers where the file does not say.'),
  tenant: z.string().min(1).default('default').describe('Whose requests they are.'),
});

type Field = 'ratePerS' | 'clients' | 'path' | 'cv' | 'scale' | 'speed' | 'fromS';

interface Uses {
  readonly needs?: 'ratePerS' | 'path';
  readonly takes: readonly Field[];
}

const fromFile: Uses = { needs: 'path', takes: ['path', 'scale', 'speed', 'fromS'] };

/** What each kind must be told, and what means something to it. */
const usesOf: Readonly<Record<z.infer<typeof workloadFields>['kind'], Uses>> = {
  poisson: { needs: 'ratePerS', takes: ['ratePerS', 'cv', 'scale', 'speed'] },
  file: fromFile,
  rate: { ...fromFile, takes: [...fromFile.takes, 'cv'] },
  servegen: fromFile,
  recording: fromFile,
  closed: { takes: ['clients'] },
};

/** A value that differs from these was meant to do something. */
const unsaid = {
  ratePerS: undefined,
  clients: undefined,
  path: undefined,
  cv: 1,
  scale: 1,
  speed: 1,
  fromS: 0,
};
const fields = Object.keys(unsaid).filter((name): name is Field => name in unsaid);

export const workloadSpec = workloadFields.superRefine((spec, context) => {
  const { needs, takes } = usesOf[spec.kind];
  const whose = `a workload of the kind "${spec.kind}"`;
  if (needs !== undefined && spec[needs] === undefined)
    context.addIssue({ code: 'custom', path: [needs], message: `${whose} needs it` });
  for (const field of fields)
    if (!takes.includes(field) && spec[field] !== unsaid[field])
      context.addIssue({ code: 'custom', path: [field], message: `${whose} does not use it` });
});

export type WorkloadSpec = z.infer<typeof workloadSpec>;
