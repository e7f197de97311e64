import type { TenantTasks } from '#schema';
import type { TaskLimits, WatchEvent } from '#contracts';

/** What tenants may have of durable tasks: a view of the store, kept by its watch. */
export interface TaskLimitsView extends TaskLimits {
  apply(event: WatchEvent): void;
  unfinishedMaxOf(tenant: string): number | undefined;
}

export function createTaskLimits(): TaskLimitsView {
  const limits = new Map<string, TenantTasks>();
  return {
    apply({ type, resource }) {
      if (resource.kind !== 'Tenant') return;
      const { name } = resource.metadata;
      if (type === 'deleted' || resource.spec.tasks === undefined) limits.delete(name);
      else limits.set(name, resource.spec.tasks);
    },
    unfinishedMaxOf: (tenant) => limits.get(tenant)?.unfinishedMax,
    runningMaxOf: (tenant) => limits.get(tenant)?.runningMax,
    limited: () =>
      [...limits].flatMap(([tenant, { runningMax }]) => (runningMax === undefined ? [] : [tenant])),
  };
}
