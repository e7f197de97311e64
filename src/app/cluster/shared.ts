import { availableParallelism } from 'node:os';
import { ProblemError } from '#schema';
import type { Peers } from '#contracts';
import { createElection, createFencedStore, createGathered, createMembership, createRoster } from '#control';
import type { Ends } from '../ends.ts';
import type { World } from '../world.ts';
import { createCounting } from './counting.ts';
import { createRatings } from './ratings.ts';
import type { Cluster, ClusterParts, Surroundings } from './part.ts';

interface Candidacy {
  readonly around: Omit<Surroundings, 'store'>;
  readonly createControl: Parameters<Cluster['lead']>[0];
  readonly ends: Ends;
}

/** Control runs here while this process holds the office. */
function standForControl(
  { clock, log, store, identity, config }: World,
  peers: Peers,
  given: Candidacy,
): void {
  const election = createElection({
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
  given.ends.add('election', () => election.stop());
  election.start();
}

/** Within so many rounds of telling a question reaches whoever can answer it, and the answer comes back. */
const ratingRounds = 4;

/** What this process tells the others again and again, and what it hears of them. */
function createTalk({ world, directory, dispatch, substrate }: ClusterParts, peers: Peers) {
  const { clock, log, identity } = world;
  const { name, holder, life } = identity;
  const { leaseMs } = world.config.cluster;
  const roster = createRoster({ clock, log, leaseMs });
  const gathered = createGathered();
  const hurry = (): void => {
    membership.hurry();
  };
  const counting = createCounting({ directory, dispatch, starved: hurry });
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
      ratings: ratings.facts(),
    }),
    heard(members) {
      gathered.hear(members);
      roster.hear(members);
      ratings.hear(members.flatMap(({ facts }) => (facts === undefined || facts.life === life ? [] : facts)));
    },
  });
  const ratings = createRatings({
    directory,
    clock,
    life,
    waitMs: ratingRounds * membership.everyMs,
    hurry,
  });
  const takeNoMore = (): void => {
    takes = false;
    hurry();
  };
  return { roster, gathered, counting, membership, ratings, takeNoMore };
}

/** One of several processes: each tells of itself and hears of the others, and one of them leads. */
export function createShared(parts: ClusterParts, peers: Peers): Cluster {
  const { world } = parts;
  const { roster, gathered, counting, membership, ratings, takeNoMore } = createTalk(parts, peers);
  return {
    node: world.identity.name,
    apply: (event) => counting.apply(event),
    async join(ends) {
      ends.add('counting', () => counting.stop());
      ends.add('membership', () => membership.stop());
      const refused = await membership.start();
      if (refused !== undefined) throw new ProblemError(refused);
    },
    async lead(createControl, ends) {
      const { loads, evidence } = gathered;
      standForControl(world, peers, { around: { nodes: roster, loads, evidence }, createControl, ends });
    },
    rateElsewhere: (rating) => ratings.pass(rating),
    leaving() {
      takeNoMore();
      return new Promise((resolve) => {
        world.clock.setTimer(1.5 * membership.everyMs, resolve);
      });
    },
  };
}
