import { expect, test } from 'vitest';
import type { LoadStanding } from '#contracts';
import { createPrometheusMeters } from './index.ts';

const chat: LoadStanding = {
  deployment: 'chat',
  inFlight: 7,
  waiting: 3,
  ready: 1,
  wanted: 4,
  utilisation: 0.5,
  arrivedMs: 12_500,
  takenMs: 9000,
};

test('what deployments have to do is read when somebody looks, and goes with the deployment', async () => {
  const meters = createPrometheusMeters();
  let standings: readonly LoadStanding[] = [chat, { ...chat, deployment: 'other', advised: 2 }];
  meters.observeStandings?.(() => standings);
  const text = await meters.exposition();
  for (const line of [
    'millrace_queue_requests{deployment="chat"} 3',
    'millrace_deployment_requests_in_flight{deployment="chat"} 7',
    'millrace_utilisation_ratio{deployment="chat"} 0.5',
    'millrace_replicas_ready{deployment="chat"} 1',
    'millrace_replicas_wanted{deployment="chat"} 4',
    'millrace_replicas_advised{deployment="other"} 2',
    'millrace_arrived_replica_seconds_total{deployment="chat"} 12.5',
    'millrace_busy_replica_seconds_total{deployment="chat"} 9',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).not.toContain('millrace_replicas_advised{deployment="chat"}');
  standings = [];
  expect(await meters.exposition()).not.toContain('deployment="chat"');
});
