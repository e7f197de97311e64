import type { ServerResponse } from 'node:http';
import type { ReplyHead } from '#contracts';
import type { Chosen } from '#dispatch';
import { serverTiming } from '../http/server-timing.ts';

/** Puts who answered, and how long that took, into the head of an answer in another dialect. */
export function tellAnswerer(
  response: ServerResponse,
  { head, chosen }: { readonly head: ReplyHead; readonly chosen: Chosen },
): void {
  response.setHeader('x-millrace-model', chosen.model);
  response.setHeader('x-millrace-cache', 'none');
  response.setHeader('server-timing', serverTiming(chosen, head.contentLengthBytes !== undefined));
}
