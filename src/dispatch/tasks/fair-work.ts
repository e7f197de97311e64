import { problem } from '#schema';
import type { Work } from './work.ts';

const tooMany = problem('overloaded', 'As many of this tenant as may be are being worked on.');

/**
 * Does so many tasks of one tenant at the same time and no more; the others are put back. For work that takes its
 * time: a tenant that has all places of a worker would keep everybody else waiting until one of its own has ended.
 */
export function createFairWork(work: Work, ofTenantMax: number): Work {
  const running = new Map<string, number>();
  function enter(tenant: string): () => void {
    running.set(tenant, (running.get(tenant) ?? 0) + 1);
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const rest = (running.get(tenant) ?? 1) - 1;
      if (rest > 0) running.set(tenant, rest);
      else running.delete(tenant);
    };
  }
  return (task, input, listener) => {
    if ((running.get(task.tenant) ?? 0) >= ofTenantMax) {
      listener.ended({ kind: 'postponed', problem: tooMany });
      return () => undefined;
    }
    const leave = enter(task.tenant);
    const cancel = work(task, input, {
      progressed: (progress) => listener.progressed(progress),
      ended(verdict) {
        leave();
        listener.ended(verdict);
      },
    });
    return () => {
      leave();
      cancel();
    };
  };
}
