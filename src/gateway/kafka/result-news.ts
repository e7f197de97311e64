import { payloadSize, type Task } from '#schema';
import type { Payloads } from '#dispatch';
import { arrivalNewsOf, newsOf } from '../tasks/news.ts';
import { readAddress } from './address.ts';

export interface ResultNewsDeps {
  readonly payloads: Pick<Payloads, 'load'>;
  /** A longer answer is left out. */
  readonly resultBytesMax: number;
}

function bodyOf(contentType: string, text: string): unknown {
  if (!contentType.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a webhook would be told, and the answer itself: whoever reads a topic cannot be expected to come and fetch it. */
export function createResultNews({
  payloads,
  resultBytesMax,
}: ResultNewsDeps): (task: Task, address: string) => Promise<string | undefined> {
  return async (task, address) => {
    const event = readAddress(address)?.event;
    if (event === 'queued') return arrivalNewsOf(task);
    const { output } = task;
    const end = newsOf(task);
    if (output === undefined || event !== undefined || end === undefined) return end;
    const news: unknown = JSON.parse(end);
    const { status, contentType, payload, jsonBytes } = output;
    const sizeBytes = payloadSize(payload);
    const head = { status, content_type: contentType, bytes: sizeBytes };
    // Binary tensors are no text.
    if (sizeBytes > resultBytesMax || jsonBytes !== undefined)
      return JSON.stringify({ ...Object(news), response: { ...head, left_out: true } });
    const text = new TextDecoder().decode(await payloads.load(payload));
    return JSON.stringify({ ...Object(news), response: { ...head, body: bodyOf(contentType, text) } });
  };
}
