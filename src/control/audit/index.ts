import type { ControlDeps } from '../deps.ts';
import { createLoop, type Loop, type Reconciler } from '../loop.ts';

interface AuditAction {
  readonly kind: 'forget';
  readonly beforeMs: number;
}

const resyncMs = 60 * 60_000;

/** Keeps the audit log from growing without end. */
export function createAuditLoop({ store, auditKeepMs, ...deps }: ControlDeps): Loop {
  const reconciler: Reconciler<number | undefined, undefined, AuditAction> = {
    name: 'audit',
    keys: async () => ['audit'],
    observe: async () => ({ wanted: auditKeepMs, observed: undefined }),
    reconcile: (keepMs, _, nowMs) =>
      keepMs === undefined ? [] : [{ kind: 'forget', beforeMs: nowMs - keepMs }],
    async act({ beforeMs }) {
      await store.forgetAudit(beforeMs);
      return 'done';
    },
  };
  return createLoop(deps, reconciler, { concurrencyMax: 1, resyncMs });
}
