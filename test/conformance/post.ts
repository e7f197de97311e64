import { request, type ClientRequest, type RequestOptions } from 'node:http';

export interface Posted {
  readonly status: number;
  readonly text: string;
}

export interface Posting {
  readonly endpoint: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

function targetOf({ endpoint, path, headers = {} }: Posting): RequestOptions {
  if (endpoint.startsWith('unix:')) return { socketPath: endpoint.slice(5), path, headers };
  const url = new URL(endpoint);
  return { host: url.hostname, port: url.port, path: url.pathname.replace(/\/$/, '') + path, headers };
}

function open(posting: Posting): ClientRequest {
  const text = typeof posting.body === 'string' ? posting.body : JSON.stringify(posting.body);
  const outgoing = request({ ...targetOf(posting), method: 'POST', agent: false });
  outgoing.end(text);
  return outgoing;
}

/** One POST to a replica; the answer as it came. Rejects when the connection breaks. */
export function post(posting: Posting): Promise<Posted> {
  return answerOf(open(posting));
}

export function get(asking: Omit<Posting, 'body'>): Promise<Posted> {
  const outgoing = request({ ...targetOf({ ...asking, body: undefined }), agent: false });
  outgoing.end();
  return answerOf(outgoing);
}

function answerOf(outgoing: ClientRequest): Promise<Posted> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject).once('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
      incoming.once('error', reject);
    });
  });
}

/** Leaves in the middle of the answer, as a client does that was closed. */
export function leaveMidway(posting: Posting): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = open(posting);
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      incoming.once('data', () => {
        outgoing.off('error', reject).on('error', () => undefined);
        outgoing.destroy();
        resolve();
      });
    });
  });
}

/** Data of the events of a stream, in order. */
export function eventsOf(text: string): readonly string[] {
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length));
}
