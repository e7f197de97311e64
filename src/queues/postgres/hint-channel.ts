import { z } from 'zod';
import { taskLanes, taskStates } from '#schema';
import type { TaskHint } from '#contracts';
import { createLine, type ServerAddress } from '#postgres';
import type { Hints } from '../hints.ts';

const shape = z.object({
  from: z.string(),
  ready: z.array(z.enum(taskLanes)),
  changed: z.array(z.tuple([z.string(), z.enum(taskStates)])),
});

/** A notification may have 8000 bytes; what does not fit is not told. */
const changedMax = 60;

/** What others have yet to be told. */
function createOutbox(origin: string) {
  const ready = new Set<string>();
  const changed = new Map<string, string>();
  return {
    add(hint: TaskHint): void {
      if (hint.kind === 'ready') ready.add(hint.lane);
      else if (changed.size < changedMax || changed.has(hint.id)) changed.set(hint.id, hint.state);
    },
    /** Everything as one notification; undefined when there is nothing. */
    take(): string | undefined {
      if (ready.size + changed.size === 0) return undefined;
      const payload = JSON.stringify({ from: origin, ready: [...ready], changed: [...changed] });
      ready.clear();
      changed.clear();
      return payload;
    },
  };
}

function hintsIn(payload: string, origin: string): readonly TaskHint[] {
  try {
    const told = shape.parse(JSON.parse(payload));
    if (told.from === origin) return [];
    return [
      ...told.ready.map((lane) => ({ kind: 'ready', lane }) as const),
      ...told.changed.map(([id, state]) => ({ kind: 'changed', id, state }) as const),
    ];
  } catch {
    // From another version, perhaps: hints are nothing to rely on.
    return [];
  }
}

export interface HintChannel {
  /** Tells listeners in this process at once and those in others a little later. */
  tell(hint: TaskHint): void;
  close(): Promise<void>;
}

/**
 * Hints between processes, by LISTEN and NOTIFY on a connection of their own. Not in the transactions that change
 * tasks: a commit that notifies holds a lock over the whole server while it syncs. A hint that gets lost costs time only.
 */
export function createHintChannel(address: ServerAddress, hints: Hints, origin: string): HintChannel {
  const outbox = createOutbox(origin);
  const line = createLine(address, 'tasks', (payload) => {
    for (const hint of hintsIn(payload, origin)) hints.tell(hint);
  });
  let sending: Promise<void> | undefined;
  /** One notification at a time: what is told in the meantime goes with the next. */
  async function send(): Promise<void> {
    // What is told in the same turn belongs together.
    await Promise.resolve();
    for (let payload = outbox.take(); payload !== undefined; payload = outbox.take())
      await line.notify(payload);
    sending = undefined;
  }
  return {
    tell(hint) {
      hints.tell(hint);
      outbox.add(hint);
      sending ??= send();
    },
    async close() {
      await sending;
      await line.close();
    },
  };
}
