import { availableParallelism } from 'node:os';
import { ProblemError } from '#schema';
import type { Peers } from '#contracts';
import {
  createElection,
  createFencedStore,
  createGathered,
  createMembership,
  createRoster,
  type Election,
} from '#control';
import type { World } from '../world.ts';
import { createCounting } from './counting.ts';
import type { Cluster, ClusterParts, Surroundings } from './part.ts';

type StartControl = Parameters<Cluster['lead']>[0];

/** Control runs here while this process holds the office. */
function createLeading(
  { clock, log, store, identity, config }: World,
  peers: Peers,
  given: { readonly around: Omit<Surroundings, 'store'>; readonly createControl: StartControl },
): Election {
  return createElection({
    peers,
    clock,
    log,
    office: 'control',
    holder: `${identity.name} ${identity.life}`,
    leaseMs: config.cluster.leaseMs,
    async lead(fence) {
      const control = given.createControl({ ...given.around, store: createFencedStore(store, fence) });
      await control.start();
      return () => control.stop();
    },
  });
}

/** One of several processes: each tells of itself and hears of the others, and one of them leads. */
export function createShared({ world, directory, dispatch, substrate }: ClusterParts, peers: Peers): Cluster {
  const { clock, log, identity } = world;
  const { name, holder, life } = identity;
  const { leaseMs } = world.config.cluster;
  const roster = createRoster({ clock, log, leaseMs });
  const gathered = createGathered();
  const counting = createCounting({ directory, dispatch, starved: () => membership.hurry() });
  let takes = true;
  const membership = createMembership({
    peers,
    clock,
    log,
    self: { name, holder },
    leaseMs,
    facts: () => ({
      roles: [...identity.roles],
      life,
      node: substrate && { substrate: substrate.name, weight: availableParallelism(), takes },
      counted: counting.facts(),
    }),
    heard(members) {
      gathered.hear(members);
      roster.hear(members);
    },
  });
  return {
    node: name,
    apply: (event) => counting.apply(event),
    async join(ends) {
      ends.add('counting', () => counting.stop());
      ends.add('membership', () => membership.stop());
      const refused = await membership.start();
      if (refused !== undefined) throw new ProblemError(refused);
    },
    lead(createControl, ends) {
      const { loads, evidence } = gathered;
      const around = { nodes: roster, loads, evidence };
      const election = createLeading(world, peers, { around, createControl });
      ends.add('election', () => election.stop());
      election.start();
      return Promise.resolve();
    },
    leaving() {
      takes = false;
      membership.hurry();
    },
  };
}
