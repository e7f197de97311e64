import type { IncomingMessage } from 'node:http';
import type { Rng } from '#contracts';

const acceptable = /^[\w.:-]{1,128}$/;

/** Names requests: the client's own `x-request-id` where it is a plain word, else one that is unique without asking anybody. */
export function createRequestIds(rng: Rng): (request: IncomingMessage) => string {
  const prefix = `req_${rng.secretHex(6)}`;
  let count = 0;
  return (request) => {
    const own = request.headers['x-request-id'];
    if (typeof own === 'string' && acceptable.test(own)) return own;
    count += 1;
    return `${prefix}${count.toString(36).padStart(6, '0')}`;
  };
}
