import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { noPostgres, startPostgres, type PostgresServer } from '../conformance/postgres-server.ts';
import { endLeftovers, startPart, type Part, type PartOptions } from './cluster.ts';
import { makeHome, removeHome } from './platform.ts';

/** Several processes over a PostgreSQL of their own. */
export interface ClusterScene {
  readonly postgres: () => PostgresServer;
  /** Below which every process has its home. */
  readonly root: () => string;
  readonly parts: () => readonly Part[];
  readonly start: (role: PartOptions['role'], node: string) => Promise<Part>;
}

/** Called once in a file of tests: every test of it has a cluster of its own, or is skipped where there is no PostgreSQL. */
export function clusterOfEachTest(): ClusterScene {
  let server: PostgresServer;
  let root: string;
  let parts: Part[];
  beforeEach(async (context) => {
    if (noPostgres !== undefined) context.skip(noPostgres);
    server = await startPostgres();
    root = join(makeHome(), 'cluster');
    parts = [];
  });
  afterEach(async () => {
    if (noPostgres !== undefined) return;
    await Promise.all(parts.map((part) => part.kill()));
    endLeftovers(root);
    await server.stop();
    removeHome(join(root, '..'));
  });
  return {
    postgres: () => server,
    root: () => root,
    parts: () => parts,
    async start(role, node) {
      const part = await startPart({ role, node, root, postgresUrl: server.url });
      parts.push(part);
      return part;
    },
  };
}
