import { z } from 'zod';
import { moduleFile } from './module-file.ts';

/** Gates that count: how many requests were bad. */
export const countedGates = ['errors', 'refusals', 'empty', 'feedback'] as const;
/** Gates that compare values of whole answers. */
export const valueGates = [
  'firstToken',
  'total',
  'tpot',
  'answerBytes',
  'repetition',
  'confidence',
  'cost',
  'scorer',
] as const;
/** What a candidate can be compared in. */
export const gateNames = [...countedGates, ...valueGates] as const;

export type CountedGate = (typeof countedGates)[number];
export type ValueGate = (typeof valueGates)[number];
export type GateName = (typeof gateNames)[number];

/** Something for each of some gates. */
export function byGate<Name extends GateName, T>(
  names: readonly Name[],
  make: (name: Name) => T,
): Record<Name, T>;
export function byGate<T>(names: readonly GateName[], make: (name: GateName) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

const gate = z.strictObject({
  name: z
    .enum(gateNames)
    .describe(
      [
        '`errors` (status 500 and above), `refusals` (400 to 498), `empty` (answers without text, or in which the model refuses),',
        '`feedback` (ratings of 1 or 2, and corrections, from `/v1/feedback`), `firstToken` (time to the first byte),',
        '`total` (time of the whole answer), `tpot` (time of each further token of a stream), `answerBytes` (length, longer and',
        'shorter), `repetition` (how much of the text stood there before), `confidence` (how unsure the model was of its tokens,',
        'where requests ask for `logprobs`), `cost` (price of the tokens, or time of a place of a replica), `scorer` (your own).',
      ].join(' '),
    ),
  weight: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe('The part of `alpha` that this gate may use, beside the weights of the others.'),
  tolerated: z
    .number()
    .min(1)
    .max(16)
    .default(1)
    .describe('Up to so many times as bad is no harm: a version is not rolled back for it.'),
  boundRatio: z
    .number()
    .min(1)
    .max(32)
    .default(2)
    .describe(
      'A step is passed once bad requests are certainly at most so many times as frequent. Of values, those are bad that lie beyond nine tenths of the stable version’s.',
    ),
  boundRise: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Or once they are certainly at most this part of all requests more frequent.'),
});

/** Errors use most of what may go wrong; what a model may well do differently is tolerated. */
const defaultGates: z.input<typeof gate>[] = [
  { name: 'errors', weight: 7.5 },
  { name: 'refusals', weight: 0.4 },
  { name: 'firstToken', weight: 0.5, tolerated: 1.2, boundRise: 0.1 },
  { name: 'total', weight: 1, tolerated: 1.2, boundRise: 0.1 },
  { name: 'answerBytes', weight: 0.6, tolerated: 1.5, boundRise: 0.1 },
];

export const releaseGatesSpec = z
  .array(gate)
  .max(gateNames.length)
  .prefault(defaultGates)
  .describe('What the new version must not be worse in. Without data in a gate nothing is promoted.');

/** A user's own judge of answers. */
export const releaseScorer = z
  .strictObject({
    module: moduleFile('scorer').describe(
      'ES module that exports `score({ request, text }, context)`: a number from 0 to 1, 1 for the best. Only a key with the scope `admin` may set it.',
    ),
    timeoutMs: z
      .number()
      .int()
      .min(1)
      .max(60_000)
      .default(1000)
      .describe('A score that takes longer is given up.'),
    memoryMb: z.number().int().min(16).max(4096).default(64).describe('Memory of its thread, in MiB.'),
  })
  .optional()
  .describe('What the gate `scorer` asks: your own code, in a thread of its own.');

export type ScorerSpec = NonNullable<z.infer<typeof releaseScorer>>;

/** How a release with the strategy `shadow` copies requests. */
export const releaseShadow = z
  .strictObject({
    percent: z
      .number()
      .gt(0)
      .max(100)
      .default(10)
      .describe('The part of the requests that is copied, in percent, as long as there is room.'),
    concurrencyMax: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(4)
      .describe('Copies under way at once; what comes beyond is not copied.'),
    promote: z
      .boolean()
      .default(false)
      .describe('Whether the new version takes over when all gates have passed. Else a person decides.'),
  })
  .prefault({})
  .describe(
    'With the strategy `shadow`: which requests the new version is asked as well, its answers being discarded.',
  );
