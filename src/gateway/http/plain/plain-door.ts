import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '#schema';
import { PlainConnection, type PlainService } from './plain-connection.ts';

export interface PlainDoor {
  /** Ends connections that wait for their client's next request. */
  closeIdle(): void;
  closeAll(): void;
}

export interface PlainDoorParts {
  readonly limits: Config['limits'];
  readonly keepAliveMs: number;
  readonly service: PlainService;
  /** Answers that a request took too long to arrive, and ends the connection. */
  readonly expire: (socket: Socket) => void;
}

const sweepIntervalMs = 1000;

/** Waiting for a first request or a body is limited tightly; between requests a client may take its time. */
function sweep(connections: ReadonlySet<PlainConnection>, parts: PlainDoorParts): void {
  const { limits, keepAliveMs, service, expire } = parts;
  const nowMs = service.nowMs();
  for (const connection of connections) {
    const { waitsSinceMs, socket, isFresh, isReceiving } = connection;
    const waitedMs = waitsSinceMs === undefined ? 0 : nowMs - waitsSinceMs;
    if (isReceiving ? waitedMs > limits.bodyMs : isFresh && waitedMs > limits.headersMs) expire(socket);
    else if (connection.isIdle && waitedMs > keepAliveMs) socket.end();
  }
}

/** Takes over Node's own listeners for new connections; they get what is not plain. */
function takeOver(server: Server, event: DoorEvent): (socket: Socket, bytes: Buffer) => void {
  const nodes = server.listeners(event);
  server.removeAllListeners(event);
  return (socket, bytes) => {
    socket.pause();
    if (bytes.length > 0) socket.unshift(bytes);
    for (const listener of nodes) Reflect.apply(listener, server, [socket]);
    process.nextTick(() => {
      socket.resume();
    });
  };
}

export type DoorEvent = 'connection' | 'secureConnection';

/**
 * Stands before Node's HTTP server: every new connection begins as a plain one, and stays one as long as its
 * requests are plain. What is not goes to the listeners that Node put there, bytes and all.
 */
export function openPlainDoor(server: Server, event: DoorEvent, parts: PlainDoorParts): PlainDoor {
  const connections = new Set<PlainConnection>();
  const handOver = takeOver(server, event);
  server.on(event, (socket: Socket) => {
    const connection = new PlainConnection(socket, parts.service, (left, bytes) => {
      connections.delete(connection);
      handOver(left, bytes);
    });
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  const sweeper = setInterval(() => {
    sweep(connections, parts);
  }, sweepIntervalMs);
  sweeper.unref();
  server.once('close', () => {
    clearInterval(sweeper);
  });
  return {
    closeIdle() {
      for (const connection of connections) if (connection.isIdle) connection.socket.end();
    },
    closeAll() {
      for (const { socket } of connections) socket.destroy();
    },
  };
}
