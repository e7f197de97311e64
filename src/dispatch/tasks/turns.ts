import type { TurnOwner, Turns } from '#contracts';
import { createTurns, learnTurn, reachTurn, takeTurn, type TenantTurns } from '#policies';

/** Turns of tenants among each other, for every lane and priority by itself. */
export function createTaskTurns(): Turns {
  const lines = new Map<string, TenantTurns>();
  function lineOf({ lane, priority }: Pick<TurnOwner, 'lane' | 'priority'>): TenantTurns {
    const name = `${lane} ${priority}`;
    let line = lines.get(name);
    if (line === undefined) {
      line = createTurns();
      lines.set(name, line);
    }
    return line;
  }
  return {
    take: (task) => takeTurn(lineOf(task), task.tenant, task.stride),
    reached: (task) => reachTurn(lineOf(task), task.rank),
    learn: (owner, next) => learnTurn(lineOf(owner), owner.tenant, next),
  };
}
