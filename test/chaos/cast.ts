import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresServer } from '../conformance/postgres-server.ts';
import { startPart, type Part, type PartOptions } from '../e2e/cluster.ts';
import { repository } from '../e2e/platform.ts';
import { openWire, type Wire } from './wire.ts';

export type Role = 'gateway' | 'control' | 'worker';

/** The processes of a cluster, by name, and how to end and restart each. */
export interface Cast {
  readonly root: string;
  readonly server: PostgresServer;
  readonly parts: ReadonlyMap<string, Part>;
  /** From each process to the database. */
  readonly wires: ReadonlyMap<string, Wire>;
  /** Those of a role. */
  of(role: Role): readonly Part[];
  kill(node: string): Promise<void>;
  /** Starts it again where it does not run. */
  revive(node: string): Promise<void>;
  /** Sets its wall clock. */
  skew(node: string, aheadMs: number): void;
  killAll(): Promise<void>;
}

const leaseMs = 2000;

const members: readonly { readonly role: Role; readonly node: string }[] = [
  { role: 'gateway', node: 'gate-1' },
  { role: 'gateway', node: 'gate-2' },
  { role: 'control', node: 'control-1' },
  { role: 'control', node: 'control-2' },
  { role: 'worker', node: 'work-1' },
  { role: 'worker', node: 'work-2' },
];

export async function createCast(root: string, server: PostgresServer): Promise<Cast> {
  const parts = new Map<string, Part>();
  const wires = new Map<string, Wire>();
  mkdirSync(root, { recursive: true });
  const skewFile = (node: string): string => join(root, `${node}.skew`);

  function start(role: Role, node: string): Promise<Part> {
    const options: PartOptions = {
      role,
      node,
      root,
      postgresUrl: wires.get(node)?.url ?? server.url,
      leaseMs,
      // Attempts that are lost to kills are no fault of a task: there are many kills here.
      set: ['tasks.webhooks.allowPrivate=true', 'tasks.attempts=100', 'limits.shutdownMs=2000'],
      env: {
        MILLRACE_TEST_SKEW: skewFile(node),
        NODE_OPTIONS: `--import=${join(repository, 'test/chaos/skew.mjs')}`,
      },
    };
    return startPart(options);
  }

  for (const { role, node } of members) {
    wires.set(node, await openWire(server.url));
    parts.set(node, await start(role, node));
  }
  return {
    root,
    server,
    parts,
    wires,
    of: (role) => [...parts.values()].filter((part) => part.role === role),
    kill: async (node) => parts.get(node)?.kill(),
    async revive(node) {
      const member = members.find((one) => one.node === node);
      const before = parts.get(node);
      const runs = before?.process.exitCode === null && before.process.signalCode === null;
      if (member !== undefined && !runs) parts.set(node, await start(member.role, node));
    },
    skew: (node, aheadMs) => writeFileSync(skewFile(node), String(aheadMs)),
    async killAll() {
      await Promise.all([...parts.values()].map((part) => part.kill()));
      await Promise.all([...wires.values()].map((wire) => wire.close()));
    },
  };
}
