import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Rng } from '#contracts';
import { problem, ProblemError, processRoles, type Config, type ProcessRole } from '#schema';
import { readIfThere, writePrivately } from '../home/home.ts';

/** Who this process is among others. */
export interface Identity {
  readonly roles: ReadonlySet<ProcessRole>;
  /** Of the node. */
  readonly name: string;
  /** Stays with the home directory: its next life may take the name over at once. */
  readonly holder: string;
  /** Another one after every start. */
  readonly life: string;
}

function rolesOf({ cluster, store }: Config): ReadonlySet<ProcessRole> {
  if (cluster.role === 'all') return new Set(processRoles);
  if (store === 'postgres') return new Set([cluster.role]);
  const message = `A process with the role "${cluster.role}" shares its store with others: set \`store: postgres\`.`;
  throw new ProblemError(problem('invalid_config', message, { param: 'cluster.role' }));
}

function homeSecret(path: string, rng: Rng): string {
  const known = readIfThere(path);
  if (known !== undefined && known !== '') return known;
  const made = rng.secretHex(16);
  writePrivately(path, `${made}\n`);
  return made;
}

/** The machine's name as a name of ours, and what tells homes on one machine apart. */
function nameFor(holder: string): string {
  const machine =
    hostname()
      .toLowerCase()
      .split('.')[0]
      ?.replaceAll(/[^a-z0-9-]/g, '-') ?? '';
  const mark = createHash('sha256').update(holder).digest('hex').slice(0, 6);
  return `${machine.replaceAll(/^-+|-+$/g, '').slice(0, 40) || 'node'}-${mark}`;
}

export function identityOf(config: Config, nodeId: string, rng: Rng): Identity {
  const holder = homeSecret(nodeId, rng);
  return {
    roles: rolesOf(config),
    name: config.cluster.node ?? nameFor(holder),
    holder,
    life: rng.secretHex(8),
  };
}
