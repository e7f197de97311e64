import { z } from 'zod';
import { resourceName } from './metadata.ts';

/** Annotation of what it was started from; replicas of another version or other engine options have another. */
export const templateAnnotation = 'millrace.dev/template';

/** One running copy of a deployment's model. Written by the platform alone; people read it. */
export const replicaSpec = z.strictObject({
  deployment: resourceName.describe('The Deployment it belongs to.'),
  model: resourceName.describe('The Model it serves.'),
  version: z.string().describe('The version it serves.'),
  generation: z.number().int().describe("The deployment's generation it was started for."),
  engine: z.string().describe('The engine that runs it.'),
  substrate: z.string().describe('Where it runs.'),
  node: z.string().optional().describe('The node that runs it; absent where one process is the platform.'),
  address: z.string().optional().describe("Which of the deployment's `spec.engine.urls` it stands for."),
});

export const replicaStates = ['starting', 'loading', 'ready', 'draining', 'stopping', 'failed'] as const;

export const replicaStatus = z.strictObject({
  state: z.enum(replicaStates).describe('Requests go to `ready` replicas only.'),
  since: z.string().describe('When it came into this state; RFC 3339.'),
  message: z
    .string()
    .optional()
    .describe('Why it failed, is being stopped, or does not answer while it should load.'),
  endpoint: z.string().optional().describe('Where it listens.'),
  identity: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe('What tells it from every other process: for adoption after a restart.'),
  loadedFraction: z.number().min(0).max(1).optional().describe('While loading: how far it is.'),
  remainingMs: z.number().optional().describe('While loading: how long the rest should take.'),
  concurrency: z.number().int().optional().describe('Requests it works on at once.'),
});

export type ReplicaState = (typeof replicaStates)[number];
export type ReplicaSpec = z.infer<typeof replicaSpec>;
export type ReplicaStatus = z.infer<typeof replicaStatus>;

export const replicaEvents = [
  'launched',
  'became-ready',
  'exited',
  'stalled',
  'load-timed-out',
  'unwanted',
  'drained',
  'gone',
  'lost',
] as const;
export type ReplicaEvent = (typeof replicaEvents)[number];

type Next = ReplicaState | 'removed' | 'ignore' | 'forbidden';

/**
 * The life of a replica, as a total table.
 * I1: only a `ready` replica gets new requests. I2: `draining` never becomes `ready` again.
 * I3: every state but `starting` may end by `exited`. I4: from every state `removed` is reachable.
 * I5: a replica whose node is `lost` is removed, whatever its state: nobody is left to tell of it.
 */
export const replicaLifecycle: Readonly<Record<ReplicaState, Readonly<Record<ReplicaEvent, Next>>>> = {
  starting: {
    launched: 'loading',
    'became-ready': 'forbidden',
    exited: 'failed',
    stalled: 'ignore',
    'load-timed-out': 'failed',
    unwanted: 'stopping',
    drained: 'ignore',
    gone: 'failed',
    lost: 'removed',
  },
  loading: {
    launched: 'ignore',
    'became-ready': 'ready',
    exited: 'failed',
    stalled: 'ignore',
    'load-timed-out': 'failed',
    unwanted: 'stopping',
    drained: 'ignore',
    gone: 'failed',
    lost: 'removed',
  },
  ready: {
    launched: 'ignore',
    'became-ready': 'ignore',
    exited: 'failed',
    stalled: 'failed',
    'load-timed-out': 'ignore',
    unwanted: 'draining',
    drained: 'ignore',
    gone: 'failed',
    lost: 'removed',
  },
  draining: {
    launched: 'ignore',
    'became-ready': 'ignore',
    exited: 'removed',
    stalled: 'stopping',
    'load-timed-out': 'ignore',
    unwanted: 'ignore',
    drained: 'stopping',
    gone: 'removed',
    lost: 'removed',
  },
  stopping: {
    launched: 'ignore',
    'became-ready': 'ignore',
    exited: 'removed',
    stalled: 'ignore',
    'load-timed-out': 'ignore',
    unwanted: 'ignore',
    drained: 'ignore',
    gone: 'removed',
    lost: 'removed',
  },
  failed: {
    launched: 'ignore',
    'became-ready': 'ignore',
    exited: 'removed',
    stalled: 'ignore',
    'load-timed-out': 'ignore',
    unwanted: 'ignore',
    drained: 'ignore',
    gone: 'removed',
    lost: 'removed',
  },
};
