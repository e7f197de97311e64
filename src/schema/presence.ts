import { z } from 'zod';
import { countedGates, valueGates } from './release-gates.ts';

/** What a process of the platform does. */
export const processRoles = ['gateway', 'control', 'worker'] as const;
export type ProcessRole = (typeof processRoles)[number];

const count = z.number();

const loadReading = z.object({
  places: count,
  arrivedWorkMs: count,
  takenMs: count,
  inside: count,
  waiting: count,
  waitingWorkMs: count,
  begun: count,
  firstByteMs: count,
  due: count,
  late: count,
});

const buckets = z.array(count).readonly();

const doings = z.object({
  counts: z.record(z.enum(countedGates), z.object({ requests: count, bad: count })),
  values: z.record(z.enum(valueGates), buckets),
  alike: z.object({ copied: count, fixed: count, equal: count }),
});

/** What a process has counted of requests since it began; only what moved lately. */
const counted = z.object({
  /** By deployment. */
  loads: z.record(z.string(), loadReading),
  /** By deployment, then by template. */
  evidence: z.record(z.string(), z.record(z.string(), doings)),
  /** By deployment: how often a request came that no replica could take. */
  starved: z.record(z.string(), count),
});

/** Somebody has spoken about an answer that whoever tells this has not given. */
const ratingAsked = z.object({
  id: z.string(),
  tenant: z.string(),
  requestId: z.string(),
  isBad: z.boolean(),
});

/** Who gave an answer that somebody has spoken about, by the question's id. */
const ratingTold = z.record(z.string(), z.object({ deployment: z.string(), model: z.string() }));

const ratings = z.object({ asked: z.array(ratingAsked), told: ratingTold });

/** What the processes of a platform tell each other of themselves, about once a second. */
export const presenceFacts = z.object({
  roles: z.array(z.enum(processRoles)),
  /** Another one after every start: counters begin anew with it. */
  life: z.string(),
  /** Where replicas can run, if they can here. */
  node: z.object({ substrate: z.string(), weight: z.number().positive(), takes: z.boolean() }).optional(),
  counted,
  /** Absent from processes that do not know of it yet. */
  ratings: ratings.optional(),
});

export type PresenceFacts = z.infer<typeof presenceFacts>;
export type RatingFacts = z.infer<typeof ratings>;
export type CountedFacts = z.infer<typeof counted>;
