import type { Rng } from '#contracts';
import type { ReadHeader } from './onward.ts';

const acceptable = /^[\w.:-]{1,128}$/;

/** Names requests: the client's own `x-request-id` where it is a plain word, else one that is unique without asking anybody. */
export function createRequestIds(rng: Rng): (header: ReadHeader) => string {
  const prefix = `req_${rng.secretHex(6)}`;
  let count = 0;
  return (header) => {
    const own = header('x-request-id');
    if (own !== undefined && acceptable.test(own)) return own;
    count += 1;
    return `${prefix}${count.toString(36).padStart(6, '0')}`;
  };
}
