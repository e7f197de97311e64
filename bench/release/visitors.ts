import { Agent, request } from 'node:http';

/** One request of a visitor. */
export interface Visit {
  /** Wall time. */
  readonly startedAtMs: number;
  readonly tookMs: number;
  /** 0 when there was no answer. */
  readonly status: number;
  /** `name@version` of who answered. */
  readonly version: string;
}

export interface Visitors {
  readonly visits: readonly Visit[];
  /** Nobody comes any more; resolves when all are answered. */
  stop(): Promise<void>;
}

interface Door {
  readonly port: number;
  readonly key: string;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

function visit({ port, key, body }: Door): Promise<Visit> {
  const [startedAtMs, begun] = [Date.now(), performance.now()];
  return new Promise((resolve) => {
    const over = (status: number, version: string): void => {
      resolve({ startedAtMs, tookMs: performance.now() - begun, status, version });
    };
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const path = '/v1/chat/completions';
    const call = request({ agent, port, host: '127.0.0.1', method: 'POST', path, headers }, (response) => {
      response.on('error', () => {
        over(0, '');
      });
      response.resume().on('end', () => {
        over(response.statusCode ?? 0, String(response.headers['x-millrace-model'] ?? ''));
      });
    });
    call.on('error', () => {
      over(0, '');
    });
    call.end(body);
  });
}

/** So many come in a second, whether those before them have been answered or not. */
export function letIn(door: Door, perSecond: number): Visitors {
  const visits: Visit[] = [];
  const inside = new Set<Promise<void>>();
  async function come(): Promise<void> {
    visits.push(await visit(door));
  }
  const timer = setInterval(() => {
    const one = come();
    inside.add(one);
    void one.finally(() => inside.delete(one));
  }, 1000 / perSecond);
  return {
    visits,
    async stop() {
      clearInterval(timer);
      await Promise.all(inside);
    },
  };
}

/** How long visits took that began in a time. */
export function tookBetween(visits: readonly Visit[], fromMs: number, untilMs: number): readonly number[] {
  return visits
    .filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < untilMs)
    .map(({ tookMs }) => tookMs);
}

/** The 99th percentile; NaN of none. */
export function p99Of(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.NaN;
}
