import { problem, problemOf } from '#schema';
import type { Courier, Delivery, MessageBus } from '#contracts';
import { readAddress } from './address.ts';

/** Tells ends of tasks to topics: one message each, its key the id of the task. */
export function createResultCourier(bus: Pick<MessageBus, 'produce'>): Courier {
  return {
    async deliver({ id, about, url, text }): Promise<Delivery> {
      const to = readAddress(url);
      if (to === undefined)
        return { kind: 'unwanted', problem: problem('invalid_request', `${url} is no address of a topic.`) };
      try {
        const headers = { ...to.headers, 'millrace-delivery': id };
        await bus.produce([{ topic: to.topic, key: about, value: text, headers }]);
        return { kind: 'delivered', status: 200 };
      } catch (fault) {
        return { kind: 'failed', problem: problemOf(fault) };
      }
    },
    close: async () => Promise.resolve(),
  };
}
