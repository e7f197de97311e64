import { arch, availableParallelism, cpus } from 'node:os';
import type { Replica } from '#schema';

/** This machine, as far as it matters for how fast a model runs on it. */
function describeMachine(): string {
  const cpu = cpus()[0]?.model.trim() ?? '';
  return `${cpu === '' ? arch() : cpu}, ${availableParallelism()} cores`;
}

/**
 * What a replica runs on, by a name under which its speed is remembered: this machine for processes of ours, the
 * address for endpoints of others, else the substrate.
 */
export function createHardwareOf(): (replica: Replica) => string {
  const machine = describeMachine();
  return ({ spec, status }) => {
    // Its ports are many, and change; what they run on stays.
    if (spec.node !== undefined && spec.substrate === 'process') return `node ${spec.node}`;
    const endpoint = status?.endpoint ?? '';
    if (spec.substrate === 'process' && endpoint.startsWith('unix:')) return machine;
    return URL.canParse(endpoint) && !endpoint.startsWith('unix:') ? new URL(endpoint).host : spec.substrate;
  };
}
