/**
 * The law of the house: what each room may import. One table; the cruiser, the docs and the tests read it.
 * Change it by a decision record (docs/decisions), never in passing.
 */
export const rooms = {
  schema: [],
  policies: ['schema'],
  contracts: ['schema'],
  dispatch: ['schema', 'policies', 'contracts'],
  control: ['schema', 'policies', 'contracts'],
  engines: ['schema', 'contracts'],
  substrates: ['schema', 'contracts'],
  transports: ['schema', 'contracts'],
  sources: ['schema', 'contracts', 's3'],
  postgres: ['schema'],
  s3: ['schema'],
  stores: ['schema', 'contracts', 'postgres'],
  blobs: ['schema', 'contracts', 's3'],
  caches: ['schema', 'contracts'],
  queues: ['schema', 'contracts', 'postgres'],
  telemetry: ['schema', 'contracts'],
  steps: ['schema', 'contracts'],
  gateway: ['schema', 'contracts', 'dispatch'],
  sim: [
    'schema',
    'policies',
    'contracts',
    'dispatch',
    'control',
    'engines',
    'substrates',
    'transports',
    'stores',
    'blobs',
    'caches',
    'queues',
  ],
  app: [
    'schema',
    'policies',
    'contracts',
    'dispatch',
    'control',
    'engines',
    'substrates',
    'transports',
    'sources',
    'stores',
    'blobs',
    'caches',
    'queues',
    'telemetry',
    'steps',
    'gateway',
  ],
  cli: ['schema', 'sim', 'app'],
};

/** Rooms that run unchanged in the simulator, and the only npm packages each may name. */
export const pure = { schema: ['zod'], policies: [], contracts: [], dispatch: [], control: [] };

/** Rooms that hold alternatives of one contract, chosen by configuration. */
export const shelves = [
  'engines',
  'substrates',
  'transports',
  'sources',
  'stores',
  'blobs',
  'caches',
  'queues',
  'telemetry',
  'steps',
];
