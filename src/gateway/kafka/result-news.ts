import { payloadSize, type Task } from '#schema';
import type { Payloads } from '#dispatch';
import { arrivalNewsOf, newsOf } from '../tasks/news.ts';
import { readAddress } from './address.ts';

export interface ResultNewsDeps {
  readonly payloads: Pick<Payloads, 'load'>;
  /** A longer answer is left out. */
  readonly resultBytesMax: number;
}

/** JSON as it came: read and written anew, long numbers would be others. */
function bodyOf(contentType: string, text: string): string {
  if (!contentType.includes('json')) return JSON.stringify(text);
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
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
    // The body is the last member of the last one.
    const open = JSON.stringify({ ...Object(news), response: head }).slice(0, -2);
    return `${open},"body":${bodyOf(contentType, text)}}}`;
  };
}
