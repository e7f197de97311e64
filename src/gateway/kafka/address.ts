import type { BusMessage } from '#contracts';
import { newsLaneOf } from '#schema';

const scheme = 'kafka:';

/**
 * Where the end of a task is told: a topic, and the place of the message that the task came from. It stands where
 * others have a webhook, which nobody from outside can set to it.
 */
export function addressOf(topic: string, { topic: source, partition, offset, key }: BusMessage): string {
  const from = new URLSearchParams({ topic: source, partition: String(partition), offset });
  if (key !== undefined) from.set('key', Buffer.from(key).toString('utf8'));
  return `${scheme}${topic}?${from.toString()}`;
}

/** Where everything that happens to tasks is told, without their answers. */
export function eventAddress(topic: string, event: 'queued' | 'ended'): string {
  return `${scheme}${topic}?event=${event}`;
}

export interface Addressee {
  readonly topic: string;
  /** What is told of a task, where that is not its end with its answer. */
  readonly event: string | undefined;
  /** What tells a reader which message this is the answer to. */
  readonly headers: Readonly<Record<string, string>>;
}

export function readAddress(address: string): Addressee | undefined {
  if (newsLaneOf(address) !== 'message') return undefined;
  const { pathname, searchParams } = new URL(address);
  const event = searchParams.get('event') ?? undefined;
  searchParams.delete('event');
  const headers = [...searchParams].map(([name, value]) => [`millrace-source-${name}`, value] as const);
  return { topic: pathname, event, headers: Object.fromEntries(headers) };
}
