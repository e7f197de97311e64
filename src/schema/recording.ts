import { z } from 'zod';
import { endpointPaths } from './endpoints.ts';
import { priorities } from './priority.ts';
import { problems, type ProblemCode } from './problems.ts';
import { resourceSchemas } from './resource.ts';

/** The first line of a recording: what it is, and the wall time at which its monotonic clock stood at 0. */
export const recordingHead = z.strictObject({
  recording: z.literal('millrace'),
  format: z.literal(1),
  epochMs: z.number(),
});

const count = z.number().int().min(0);
const problemCodes = Object.keys(problems).filter((code): code is ProblemCode => code in problems);

const recordedProblem = z.object({
  code: z.enum(problemCodes),
  message: z.string(),
  param: z.string().optional(),
  retryAfterMs: z.number().optional(),
});

/** A request without its bytes: how many there were, and where in them what stood. */
const recordedAsk = z.strictObject({
  tenant: z.string(),
  key: z.string(),
  priority: z.enum(priorities),
  session: z.string().optional(),
  model: z.string(),
  endpoint: z.enum(endpointPaths),
  bodyBytes: count,
  modelFrom: z.number().int(),
  modelTo: z.number().int(),
  promptFrom: z.number().int(),
  promptTo: z.number().int(),
  stream: z.boolean(),
  maxTokens: z.number().optional(),
  answers: z.number(),
  headers: count,
  deadlineMs: z.number().optional(),
});

const recordedHead = z.strictObject({
  status: z.number().int(),
  contentType: z.string().optional(),
  contentLengthBytes: z.number().optional(),
  retryAfter: z.string().optional(),
  jsonBytes: z.string().optional(),
  runMs: z.number().optional(),
});

/** When it came (monotonic), and in the middle of which decision's consequences, if it was. */
const moment = { at: z.number(), during: count.optional() };

/** What came to dispatch from outside, in the order in which it came. */
export const recordedInput = z.discriminatedUnion('in', [
  z.strictObject({
    in: z.literal('resource'),
    type: z.enum(['put', 'deleted']),
    resource: z.union(Object.values(resourceSchemas)),
    ...moment,
  }),
  z.strictObject({
    in: z.literal('ask'),
    request: count,
    ask: recordedAsk,
    /** Hashes of the prompt's blocks: what routing knows prompts by. */
    prefix: z.array(count),
    ...moment,
  }),
  z.strictObject({ in: z.literal('cancel'), request: count, ...moment }),
  z.strictObject({ in: z.literal('timer'), timer: count, ...moment }),
  z.strictObject({ in: z.literal('head'), call: count, head: recordedHead, ...moment }),
  z.strictObject({
    in: z.literal('end'),
    call: count,
    bytes: count,
    promptTokens: count,
    completionTokens: count,
    /** The caller let it wait at some time. */
    paused: z.boolean(),
    ...moment,
  }),
  z.strictObject({
    in: z.literal('fail'),
    call: count,
    problem: recordedProblem,
    sent: z.boolean(),
    ...moment,
  }),
  z.strictObject({ in: z.literal('threw'), problem: recordedProblem, ...moment }),
  z.strictObject({ in: z.literal('drain'), ...moment }),
  /** What dispatch asked the world for, and was told: chance, what an engine can do, the machine's name. */
  z.strictObject({
    in: z.literal('told'),
    value: z
      .union([
        z.number(),
        z.string(),
        z.strictObject({ endpoints: z.array(z.enum(endpointPaths)), modelThere: z.string().optional() }),
      ])
      .optional(),
    ...moment,
  }),
]);

export type RecordedInput = z.infer<typeof recordedInput>;
export type RecordedAsk = z.infer<typeof recordedAsk>;
