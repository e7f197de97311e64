import { logLevel, type logCreator } from 'kafkajs';
import type { Log } from '#contracts';

/** The client's own log lines as ours; its `info` is our `debug`: rebalances are daily business. */
export function bridgeLog(log: Log): logCreator {
  return () =>
    ({ level, namespace, log: entry }) => {
      const told: unknown = entry['error'] ?? entry['broker'];
      const facts = {
        part: namespace,
        message: entry.message,
        detail: typeof told === 'string' ? told : undefined,
      };
      if (level <= logLevel.WARN) log.warn('kafka-client-said', facts);
      else log.debug('kafka-client-said', facts);
    };
}
