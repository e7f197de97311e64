import type { WatchEvent } from '#contracts';

type Listener = (event: WatchEvent) => void;

interface WatchHubDeps {
  /** Hears what a listener threw; the listener has been dropped by then. */
  readonly onListenerFault: (fault: unknown) => void;
}

export interface WatchHub {
  /** Tells `replay` to the listener first, then everything that is published. */
  add(listener: Listener, replay: readonly WatchEvent[], lost?: () => void): () => void;
  publish(events: readonly WatchEvent[]): void;
  /** Events went by that nobody can be told any more: whoever wants to know hears of that instead, and of nothing else. */
  lose(): void;
  close(): void;
}

interface Subscription {
  readonly listener: Listener;
  readonly pending: WatchEvent[];
  readonly lost: (() => void) | undefined;
  telling: boolean;
}

/**
 * Tells changes to listeners, each in order. A listener may commit: what that publishes waits until the events
 * before it have been told, so nobody hears of a later change first.
 */
export function createWatchHub(deps: WatchHubDeps): WatchHub {
  const subscriptions = new Set<Subscription>();

  function tell(subscription: Subscription): void {
    if (subscription.telling) return;
    subscription.telling = true;
    try {
      for (let event = next(subscription); event; event = next(subscription)) subscription.listener(event);
    } catch (fault) {
      subscriptions.delete(subscription);
      deps.onListenerFault(fault);
    } finally {
      subscription.telling = false;
    }
  }

  /** Nothing once it was stopped, even in the middle of a batch. */
  function next(subscription: Subscription): WatchEvent | undefined {
    return subscriptions.has(subscription) ? subscription.pending.shift() : undefined;
  }

  return {
    add(listener, replay, lost) {
      const subscription = { listener, lost, pending: [...replay], telling: false };
      subscriptions.add(subscription);
      tell(subscription);
      return () => {
        subscriptions.delete(subscription);
      };
    },
    publish(events) {
      for (const subscription of subscriptions) subscription.pending.push(...events);
      for (const subscription of subscriptions) tell(subscription);
    },
    lose() {
      for (const subscription of subscriptions) {
        if (subscription.lost === undefined) continue;
        subscriptions.delete(subscription);
        subscription.lost();
      }
    },
    close() {
      subscriptions.clear();
    },
  };
}
