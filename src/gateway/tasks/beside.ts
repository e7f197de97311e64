import { idempotencyKey, problem } from '#schema';
import type { Result } from '#contracts';
import { sessionCharactersMax, type ReadHeader } from '../http/onward.ts';
import type { Wanted } from './admit.ts';

/** What stands beside a request, in headers, and belongs to its task. */
export type Beside = Pick<Wanted, 'idempotency_key' | 'session' | 'traceparent'>;

const keyHeader = 'idempotency-key';
/** As W3C's Trace Context has it; anything else is to be left out. */
const trace = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}(-[!-~]{1,200})?$/;

/** Like a key in the request, one beside it is refused where it could not be kept. */
export function readBeside(header: ReadHeader): Result<Beside> {
  const key = header(keyHeader) ?? '';
  if (key !== '' && !idempotencyKey.safeParse(key).success) {
    const message = `"${keyHeader}" may have 255 characters, and no control characters.`;
    return { ok: false, problem: problem('invalid_request', message, { param: keyHeader }) };
  }
  const session = header('x-session-id') ?? '';
  const traceparent = header('traceparent') ?? '';
  return {
    ok: true,
    value: {
      ...(key !== '' && { idempotency_key: key }),
      ...(session !== '' && { session: session.slice(0, sessionCharactersMax) }),
      ...(trace.test(traceparent) && { traceparent }),
    },
  };
}
