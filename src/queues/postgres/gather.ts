export interface GatherDeps<In, Out> {
  /** Does all of it in one statement; answers in the same order. */
  readonly run: (items: readonly In[]) => Promise<readonly Out[]>;
  /** Statements at the same time. */
  readonly parallel: number;
  /** Items of one statement. */
  readonly itemsMax: number;
}

interface Waiting<In, Out> {
  readonly items: readonly In[];
  readonly done: (answers: readonly Out[]) => void;
  readonly failed: (fault: unknown) => void;
}

/**
 * Gathers what is asked for while the statements before are on their way: one round trip and one sync serve many
 * callers. Whoever comes first is not kept waiting.
 */
export function createGather<In, Out>(
  deps: GatherDeps<In, Out>,
): (items: readonly In[]) => Promise<readonly Out[]> {
  const waiting: Waiting<In, Out>[] = [];
  let running = 0;
  let scheduled = false;

  function takeSome(): Waiting<In, Out>[] {
    const taken: Waiting<In, Out>[] = [];
    let size = 0;
    while (waiting[0] && (taken.length === 0 || size + waiting[0].items.length <= deps.itemsMax)) {
      size += waiting[0].items.length;
      taken.push(...waiting.splice(0, 1));
    }
    return taken;
  }

  async function flush(taken: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await deps.run(taken.flatMap(({ items }) => items));
      let at = 0;
      for (const { items, done } of taken) {
        done(answers.slice(at, at + items.length));
        at += items.length;
      }
    } catch (fault) {
      for (const { failed } of taken) failed(fault);
    }
  }

  function pump(): void {
    scheduled = false;
    while (waiting.length > 0 && running < deps.parallel) {
      running += 1;
      void flush(takeSome()).finally(() => {
        running -= 1;
        pump();
      });
    }
  }

  return (items) =>
    new Promise((done, failed) => {
      waiting.push({ items, done, failed });
      // What is asked for in the same turn belongs together.
      if (!scheduled) queueMicrotask(pump);
      scheduled = true;
    });
}
