import type { Result, WatchEvent } from '#contracts';
import type { GatewayDeps } from './deps.ts';
import { createFrontDesk } from './front-desk.ts';
import { startListening, stopListening } from './http/listening.ts';
import { createServer } from './http/server.ts';

export interface Gateway {
  /** Follows the store: keys. */
  apply(event: WatchEvent): void;
  /** Starts to listen; `address_in_use` when something else does. Resolves to the base URL. */
  listen(): Promise<Result<string>>;
  /** Stops accepting, lets running requests end for at most this long, then closes every connection. */
  close(graceMs: number): Promise<void>;
}

export function createGateway(deps: GatewayDeps): Gateway {
  let ready = false;
  const desk = createFrontDesk(deps, () => ready);
  deps.meters.observeInFlight(() => deps.dispatch.inFlight());
  const door = createServer(deps.config.limits, deps.tls, {
    plain: desk.plain,
    serve: (request, response) => {
      desk.receive(request, response);
    },
  });
  return {
    apply(event) {
      desk.ring.apply(event);
    },
    async listen() {
      const listening = await startListening(door.server, deps.config);
      ready = listening.ok;
      return listening;
    },
    async close(graceMs) {
      ready = false;
      await stopListening(door, deps.dispatch.drain(), graceMs);
    },
  };
}
