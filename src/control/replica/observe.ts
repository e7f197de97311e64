import { deploymentSpec, engineOptions, type Deployment, type Replica } from '#schema';
import { withDeadline } from '../deadline.ts';
import type { NodeDeps } from '../deps.ts';
import { getOf, listOf } from '../records.ts';
import { variantFor } from '../release/variants.ts';
import { isUpToDate, templateOf } from '../template.ts';
import type { Knowledge, KnownReplica } from './known.ts';
import type { ReplicaObserved } from './reconcile.ts';
import { statusOf } from './transition.ts';

/** Load times are remembered for what is loaded and what loads it. */
export function loadKey({ spec }: Replica): string {
  return `${spec.model}.${spec.version}/${spec.engine}`;
}

const probed: ReadonlySet<string> = new Set(['loading', 'ready', 'draining']);
const probeTimeoutMaxMs = 5000;

interface Probe {
  readonly replica: Replica;
  readonly stallMs: number;
  /** Of the engine: an endpoint of others may want its key. */
  readonly options: KnownReplica['options'];
}

type Sign = Pick<ReplicaObserved, 'life' | 'silence'>;

const unasked: Sign = { life: undefined, silence: undefined };

function silent({ log }: NodeDeps, replica: Replica, why: string): Sign {
  log.debug('probe-failed', { replica: replica.metadata.name, message: why });
  return { life: undefined, silence: why };
}

/** Asks a replica for signs of life. No answer, a late one and nonsense are all the same: nothing is known. */
async function probe(
  deps: NodeDeps,
  { replica, stallMs, options }: Probe,
  signal: AbortSignal,
): Promise<Sign> {
  const engine = deps.engines.get(replica.spec.engine);
  const { endpoint } = statusOf(replica);
  if (engine === undefined || endpoint === undefined) return unasked;
  // Three looks must fit into the time after which a silent replica is given up.
  const timeoutMs = Math.min(probeTimeoutMaxMs, stallMs / 3);
  const what = `The probe of ${replica.metadata.name}`;
  try {
    const life = await withDeadline(deps.clock, { timeoutMs, signal, what }, (inner) =>
      engine.life(endpoint, inner, options),
    );
    if (life.ok) return { life: life.value, silence: undefined };
    return silent(deps, replica, life.problem.message);
  } catch (thrown) {
    return silent(deps, replica, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Of a deployment that was deleted the defaults are left. */
function limitsOf(replica: Replica, deployment: Deployment | undefined): Deployment['spec']['limits'] {
  if (deployment !== undefined) return deployment.spec.limits;
  return deploymentSpec.parse({ model: replica.spec.model, version: replica.spec.version }).limits;
}

interface Pair {
  readonly replica: Replica;
  readonly deployment: Deployment | undefined;
}

/** The options it was started with: the deployment's, while those are for this replica; then the last that were. */
function learnOptions({ engines }: NodeDeps, known: KnownReplica, { replica, deployment }: Pair): void {
  if (deployment === undefined) return;
  if (known.options !== undefined && !isUpToDate(replica, templateOf(deployment))) return;
  const options = engineOptions(deployment.spec.engine, replica.spec.address);
  const parsed = engines.get(replica.spec.engine)?.parseOptions(options);
  if (parsed?.ok === true) known.options = parsed.value;
}

function concurrencyOf(
  { engines }: NodeDeps,
  known: KnownReplica,
  { replica, deployment }: Pair,
): number | undefined {
  const asked = deployment?.spec.limits.concurrency;
  if (asked !== undefined || known.options === undefined) return asked;
  return engines.get(replica.spec.engine)?.concurrency(known.options);
}

function mayAnswer(replica: Replica, known: KnownReplica): boolean {
  return known.process === 'running' && probed.has(statusOf(replica).state);
}

async function lookAt(
  deps: NodeDeps,
  { replica, known }: { readonly replica: Replica; readonly known: KnownReplica },
  signal: AbortSignal,
): Promise<Sign & Pick<ReplicaObserved, 'limits' | 'concurrency'>> {
  const current = await getOf(deps.store, 'Deployment', replica.spec.deployment);
  const deployment = current && variantFor(replica, current, await listOf(deps.store, 'Release'));
  const limits = limitsOf(replica, deployment);
  learnOptions(deps, known, { replica, deployment });
  const probing = { replica, stallMs: limits.stallMs, options: known.options };
  const sign = mayAnswer(replica, known) ? await probe(deps, probing, signal) : unasked;
  return { ...sign, limits, concurrency: concurrencyOf(deps, known, { replica, deployment }) };
}

const nothing = {
  ...unasked,
  limits: { stallMs: 0, drainMs: 0, loadMs: 0 },
  concurrency: undefined,
};

export async function observeReplica(
  deps: NodeDeps,
  { name, knowledge }: { readonly name: string; readonly knowledge: Knowledge },
  signal: AbortSignal,
): Promise<{ readonly wanted: Replica | undefined; readonly observed: ReplicaObserved }> {
  const known = knowledge.of(name);
  const before = await getOf(deps.store, 'Replica', name);
  const seen = before === undefined ? nothing : await lookAt(deps, { replica: before, known }, signal);
  // The probe took its time: an answer is judged by what the record says now.
  const wanted = seen.life === undefined ? before : await getOf(deps.store, 'Replica', name);
  if (wanted === undefined) knowledge.forget(name);
  const { process, exitReason, memory } = known;
  const lastLoadMs = wanted === undefined ? undefined : knowledge.lastLoadMs(loadKey(wanted));
  return { wanted, observed: { ...seen, process, exitReason, memory, lastLoadMs } };
}
