import type { Clock } from '#contracts';
import type { GatewayDeps } from './deps.ts';
import { missingScope } from './http/exchange.ts';
import { credentials, type ReadHeader } from './http/onward.ts';
import type { PlainService } from './http/plain/plain-connection.ts';
import type { KeyRing } from './keys/key-ring.ts';
import type { Requests } from './openai/requests.ts';

/** A line that is the same for a second: dates in heads have no finer grain. */
function createDateLine(clock: Clock): () => string {
  let [second, line] = [-1, ''];
  return () => {
    const now = Math.floor(clock.nowMs() / 1000);
    if (now !== second) [second, line] = [now, `date: ${new Date(now * 1000).toUTCString()}\r\n`];
    return line;
  };
}

export interface PlainParts {
  readonly deps: GatewayDeps;
  readonly ring: KeyRing;
  readonly requests: Requests;
  readonly requestIds: (header: ReadHeader) => string;
  readonly isCrowded: () => boolean;
}

/** What the plain door may serve: requests that nothing speaks against. All others are refused on Node's side. */
export function createPlainService({
  deps,
  ring,
  requests,
  requestIds,
  isCrowded,
}: PlainParts): PlainService {
  const { bodyBytes } = deps.config.limits;
  return {
    admit({ endpoint, contentLengthBytes, fields }) {
      const header: ReadHeader = (name) => fields[name];
      const identity = ring.identify(credentials(header));
      if (!identity.ok || contentLengthBytes > bodyBytes || isCrowded()) return undefined;
      if (missingScope(identity.value, 'infer') !== undefined) return undefined;
      return { endpoint, identity: identity.value, header, requestId: requestIds(header) };
    },
    serve({ endpoint, identity, header, requestId }, body, response) {
      requests.serve({ response, header, identity, requestId, endpoint }, body);
    },
    dateLine: createDateLine(deps.clock),
    nowMs: () => deps.clock.monotonicMs(),
  };
}
