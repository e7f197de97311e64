import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Result } from '#contracts';
import { problem } from '#schema';

export interface Question {
  /** `unix:/absolute/path`, `http://host:port[/base]` or `https://…`. */
  readonly endpoint: string;
  readonly path: string;
  /** Flat list: name, value, name, value. */
  readonly headers?: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

const timeoutMs = 2000;
const answerBytesMax = 1024 * 1024;

/**
 * A short GET on a connection of its own: an old connection would prove less. Answers within 2 s, the text cut
 * at 1 MiB, or with `replica_failed` and why.
 */
export async function ask(question: Question): Promise<Result<Answered>> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return { ok: true, value: await get(question, AbortSignal.any([question.signal, limit])) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const why = limit.aborted ? `no answer within ${timeoutMs} ms` : text;
    return {
      ok: false,
      problem: problem('replica_failed', `The replica does not answer (${question.path}): ${why}`),
    };
  }
}

function get(question: Question, signal: AbortSignal): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { send, options } = target(question);
    const outgoing = send({ ...options, signal, agent: false }, (incoming) => {
      readText(incoming).then((text) => resolve({ status: incoming.statusCode ?? 0, text }), reject);
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

interface Target {
  readonly send: typeof requestHttp;
  readonly options: RequestOptions;
}

function target({ endpoint, path, headers = [] }: Question): Target {
  if (endpoint.startsWith('unix:')) {
    return {
      send: requestHttp,
      options: { socketPath: endpoint.slice(5), path, headers: ['host', 'localhost', ...headers] },
    };
  }
  const url = new URL(endpoint);
  const options = {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname.replace(/\/$/, '') + path,
    headers: ['host', url.host, ...headers],
  };
  return { send: url.protocol === 'https:' ? requestHttps : requestHttp, options };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of incoming) {
    if (!Buffer.isBuffer(piece)) continue;
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes > answerBytesMax) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}
