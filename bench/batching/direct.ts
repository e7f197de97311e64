import { createConnection, type Socket } from 'node:net';
import { median } from '../harness/median.ts';

/** A request that a replica is asked without a gateway, as often as a batch has members. */
export interface DirectCall {
  /** Where the replica listens: `unix:` and a path, or `http:`. */
  readonly endpoint: string;
  readonly path: string;
  /** Each as one line. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** How long the engine takes for batches of some sizes, in milliseconds. */
export type Timed = ReadonlyMap<number, number>;

const sizes = [1, 2, 4, 8, 12, 16, 24, 32, 40, 48, 56, 64];
const rounds = 9;

function connect(endpoint: string): Socket {
  if (endpoint.startsWith('unix:')) return createConnection(endpoint.slice('unix:'.length));
  const { hostname, port } = new URL(endpoint);
  return createConnection({ host: hostname, port: Number(port), noDelay: true });
}

/** Resolves with the next whole answer of a connection. */
function nextAnswer(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const hear = (part: Buffer): void => {
      bytes = Buffer.concat([bytes, part]);
      const headEnd = bytes.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const head = bytes.toString('latin1', 0, headEnd);
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1]);
      if (bytes.length < headEnd + 4 + length) return;
      socket.off('data', hear).off('error', reject);
      if (head.startsWith('HTTP/1.1 200 ')) resolve();
      else reject(new Error(`the engine answered ${head.split('\r\n')[0] ?? 'nothing'}`));
    };
    socket.on('data', hear).once('error', reject);
  });
}

/** The members of one batch, told to the engine as dispatch tells it. */
function requestFor({ path, headers, body }: DirectCall, batch: string, size: number): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: replica',
    `content-length: ${body.length}`,
    ...headers,
    `x-millrace-batch: ${batch}`,
    `x-millrace-batch-size: ${size}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

type Batches = (name: string, size: number) => Promise<void>;

/** Batches of this call, over connections of their own; resolves when all members have their answer. */
async function asking<T>(call: DirectCall, work: (ask: Batches) => Promise<T>): Promise<T> {
  const sockets = Array.from({ length: Math.max(...sizes) }, () => connect(call.endpoint));
  try {
    return await work(async (name, size) => {
      const request = requestFor(call, name, size);
      const answers = sockets.slice(0, size).map((socket) => {
        socket.write(request);
        return nextAnswer(socket);
      });
      await Promise.all(answers);
    });
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Asks the engine for one batch after another, every size in turn; medians. The first round is for its caches. */
export async function timeDirectly(call: DirectCall): Promise<Timed> {
  const took = new Map(sizes.map((size) => [size, [] as number[]]));
  await asking(call, async (ask) => {
    for (let round = 0; round <= rounds; round += 1)
      for (const size of sizes) {
        const beganMs = performance.now();
        await ask(`direct-${round}-${size}`, size);
        if (round > 0) took.get(size)?.push(performance.now() - beganMs);
      }
  });
  return new Map([...took].map(([size, samples]) => [size, median(samples)]));
}

/** Requests per second that the engine answers in batches of one size, each sent as soon as the last is answered. */
export async function driveDirectly(call: DirectCall, size: number, seconds: number): Promise<number> {
  return asking(call, async (ask) => {
    const beganMs = performance.now();
    const untilMs = beganMs + seconds * 1000;
    let batches = 0;
    for (; performance.now() < untilMs; batches += 1) await ask(`driven-${batches}`, size);
    return (batches * size * 1000) / (performance.now() - beganMs);
  });
}

/**
 * The batches that one replica keeps up with best if requests came evenly, of those with 2 · t(b) ≤ objective, as in the
 * grid: the largest, and the one that was fastest when it was timed. Of one size where these are the same.
 */
export function bestSizes(timed: Timed, objectiveMs: number): readonly number[] {
  const fit = [...timed].filter(([, ms]) => 2 * ms <= objectiveMs);
  const [fastest] = fit.toSorted(([a, aMs], [b, bMs]) => b / bMs - a / aMs);
  const largest = fit.at(-1);
  return [...new Set([largest, fastest].flatMap((one) => (one === undefined ? [] : [one[0]])))];
}
