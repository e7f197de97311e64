import { AssertionError } from 'node:assert';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

const againMs = 20;

/**
 * undici 7 throws in the socket's `end`, where nobody can catch it, when the other side closes behind an answer that is
 * held back because its reader is slow (nodejs/undici#5360). Its listener is heard again until the reader has come that far.
 */
function endPatiently(socket: Socket): void {
  const on = socket.on.bind(socket);
  socket.on = (event: string, listener: (...given: never[]) => void): Socket => {
    const end = (): void => {
      if (socket.destroyed) return;
      try {
        Reflect.apply(listener, socket, []);
      } catch (fault) {
        if (!(fault instanceof AssertionError)) throw fault;
        setTimeout(end, againMs);
      }
    };
    Reflect.apply(on, socket, [event, event === 'end' ? end : listener]);
    return socket;
  };
}

/** As undici's own; a connection is kept half open until what has come is read. */
export function createPatientConnector(timeoutMs: number): buildConnector.connector {
  const options = { timeout: timeoutMs, allowHalfOpen: true };
  const connect = buildConnector(options);
  return (wanted, done) => {
    connect(wanted, (...made) => {
      if (made[0] === null) endPatiently(made[1]);
      done(...made);
    });
  };
}
