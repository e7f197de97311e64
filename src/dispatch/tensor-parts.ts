import type { ReplyHead, SteppedRequest } from '#contracts';
import type { Ask } from './ask.ts';
import { joined } from './joined.ts';

/** How much of a body is JSON, where binary tensors follow it (Open Inference Protocol). */
const lengthName = 'inference-header-content-length';

export interface Parts {
  readonly json: Uint8Array;
  /** Empty where there is nothing behind the JSON. */
  readonly tensors: Uint8Array;
}

/** Plain digits only: what others might read as another number would let something pass the steps unseen. */
const digits = /^\d{1,15}$/;

/** Undefined where the length is none. */
function split(body: Uint8Array, told: string | undefined): Parts | undefined {
  if (told !== undefined && !digits.test(told)) return undefined;
  const length = told === undefined ? body.length : Number(told);
  if (length > body.length) return undefined;
  return { json: body.subarray(0, length), tensors: body.subarray(length) };
}

/** Where the length's value stands in a flat list of names and values; -1 where it does not. */
function placeOf(headers: readonly string[]): number {
  for (let at = 0; at < headers.length; at += 2) if (headers[at] === lengthName) return at + 1;
  return -1;
}

export function partsOfAsk({ body, headers }: Ask): Parts | undefined {
  const at = placeOf(headers);
  return split(body, at === -1 ? undefined : headers[at]);
}

/** The request with other JSON before the tensors it had. */
export function askWith(ask: Ask, made: SteppedRequest, { tensors }: Parts): Ask {
  if (tensors.length === 0) return { ...ask, ...made };
  const headers = [...ask.headers];
  headers[placeOf(headers)] = String(made.body.length);
  const size = made.body.length + tensors.length;
  return { ...ask, ...made, headers, body: joined([made.body, tensors], size) };
}

export function partsOfReply(body: Uint8Array, { jsonBytes }: ReplyHead): Parts | undefined {
  return split(body, jsonBytes);
}

/** The answer with other JSON before the tensors it had. */
export function replyWith(
  head: ReplyHead,
  json: Uint8Array,
  { tensors }: Parts,
): { readonly head: ReplyHead; readonly body: Uint8Array } {
  const body = tensors.length === 0 ? json : joined([json, tensors], json.length + tensors.length);
  const jsonBytes = head.jsonBytes === undefined ? undefined : String(json.length);
  return { head: { ...head, jsonBytes, contentLengthBytes: body.length }, body };
}
