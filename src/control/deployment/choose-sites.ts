import { spread } from '#policies';
import type { ControlDeps } from '../deps.ts';
import { listOf } from '../records.ts';
import { isAlive } from './rollout.ts';

interface ChosenSite {
  readonly substrate: string;
  readonly node: string | undefined;
}

/** Where new replicas of a deployment go; none where no node takes any. */
export async function chooseSites(
  { store, nodes }: Pick<ControlDeps, 'store' | 'nodes'>,
  deployment: string,
  count: number,
): Promise<readonly ChosenSite[]> {
  const taking = nodes.seen().filter(({ takes }) => takes);
  const alive = (await listOf(store, 'Replica')).filter(isAlive);
  const seats = taking.map(({ name, weight }) => {
    const here = alive.filter(({ spec }) => spec.node === name);
    const own = here.filter(({ spec }) => spec.deployment === deployment).length;
    return { weight, replicas: here.length, own };
  });
  const { decision } = spread.decide({ seats, count }, spread.begin());
  return decision.flatMap((at) => {
    const node = taking[at];
    return node === undefined ? [] : [{ substrate: node.substrate, node: node.name }];
  });
}
