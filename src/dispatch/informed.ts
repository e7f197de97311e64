import type { Ask, AskListener, Ticket } from './ask.ts';
import type { Directory } from './directory.ts';
import type { Dispatch } from './dispatch.ts';

/** A request for something that nobody here has heard of, until it is known whether somebody else has. */
interface Waiting {
  ticket: Ticket | undefined;
  cancelled: boolean;
}

/**
 * Where several processes are the platform: a model that is not known here may have been deployed through another one
 * a moment ago. It is looked for in what all share before anybody is told that there is no such model.
 */
export function createInformedDispatch(
  inner: Dispatch,
  { directory }: { readonly directory: Pick<Directory, 'resolve' | 'find'> },
): Dispatch {
  const looking = new Set<Promise<void>>();

  async function look(ask: Ask, listener: AskListener, waiting: Waiting): Promise<void> {
    await directory.find(ask.model, ask.tenant);
    // Known or not: inside it is said who serves it, or that nobody does.
    if (!waiting.cancelled) waiting.ticket = inner.submit(ask, listener);
  }
  function submitLater(ask: Ask, listener: AskListener): Ticket {
    const waiting: Waiting = { ticket: undefined, cancelled: false };
    const looked = look(ask, listener, waiting).finally(() => looking.delete(looked));
    looking.add(looked);
    return {
      cancel() {
        waiting.cancelled = true;
        waiting.ticket?.cancel();
      },
      resume: () => waiting.ticket?.resume(),
    };
  }
  return {
    submit: (ask, listener) =>
      directory.resolve(ask.model, ask.tenant) === undefined
        ? submitLater(ask, listener)
        : inner.submit(ask, listener),
    inFlight: () => inner.inFlight() + looking.size,
    loads: inner.loads,
    async drain() {
      await Promise.all(looking);
      await inner.drain();
    },
  };
}
