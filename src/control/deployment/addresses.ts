import type { DeploymentStatus, Replica } from '#schema';
import { isUpToDate, templateOf } from '../template.ts';
import { attemptsAt, isSpent } from './attempts.ts';
import { courseOf, type Course, type Version } from './course.ts';
import { isAlive, isReady } from './rollout.ts';

/** Replicas that stand for no address that is wanted: they go once another one serves. */
function farewell({ deployment }: Version, others: readonly Replica[], isServed: boolean): Course {
  const leaving = isServed ? others.filter(isAlive) : [];
  return {
    template: templateOf(deployment),
    address: undefined,
    starts: [],
    retires: leaving.map((replica) => ({
      kind: 'retire',
      replica,
      message: 'Its address is not wanted any more.',
    })),
    obstacle: undefined,
    spent: others.filter(isSpent),
    attempts: { restarts: 0 },
    again: [],
  };
}

/**
 * The courses of a version: one where its replicas are launched, one for each address where they are endpoints that
 * already run. So an address that fails delays no other, and one that is taken away or added leaves the others alone.
 */
export function coursesOf(version: Version): readonly Course[] {
  const { deployment, replicas } = version;
  const addresses = deployment.spec.engine.urls;
  if (addresses === undefined) return [courseOf(version)];
  const template = templateOf(deployment);
  const courses = addresses.map((address) =>
    courseOf({
      ...version,
      address,
      wanted: 1,
      replicas: replicas.filter(({ spec }) => spec.address === address),
      attempts: attemptsAt(deployment, template, address),
    }),
  );
  const isOfOne = ({ spec }: Replica): boolean =>
    spec.address !== undefined && addresses.includes(spec.address);
  const isServed = replicas.some((one) => isOfOne(one) && isReady(one) && isUpToDate(one, template));
  const others = replicas.filter((replica) => !isOfOne(replica));
  return others.length === 0 ? courses : [...courses, farewell(version, others, isServed)];
}

/** What is to be remembered of addresses whose replicas have failed; undefined while there are none. */
export function addressesNoted(courses: readonly Course[]): DeploymentStatus['addresses'] {
  const failing = courses.flatMap(({ address, template, attempts }) =>
    address === undefined || attempts.restarts === 0 ? [] : [{ address, template, ...attempts }],
  );
  return failing.length === 0 ? undefined : failing;
}
