import { Agent, request, type RequestOptions } from 'node:http';

/** Where chat completions are asked for: through the gateway, or at the replica itself. */
export interface Target {
  readonly name: string;
  readonly where: RequestOptions;
  readonly headers: Readonly<Record<string, string>>;
}

/** The replica's own endpoint, `unix:/path` or `http://host:port`. */
export function replicaTarget(endpoint: string, connections: number): Target {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  if (endpoint.startsWith('unix:'))
    return { name: 'replica', headers: {}, where: { agent, socketPath: endpoint.slice('unix:'.length) } };
  const { hostname, port } = new URL(endpoint);
  return { name: 'replica', headers: {}, where: { agent, hostname, port } };
}

export function gatewayTarget(port: number, key: string, connections: number): Target {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    name: 'gateway',
    headers: { authorization: `Bearer ${key}` },
    where: { agent, hostname: '127.0.0.1', port },
  };
}

const usageTail = /"completion_tokens":(\d+)/;

/** Streams one chat completion and gives the number of tokens that its usage reports. */
export function chat(target: Target, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...target.headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const call = request(
      { ...target.where, headers, method: 'POST', path: '/v1/chat/completions' },
      (response) => {
        let tail = '';
        response.on('data', (bytes: Buffer) => (tail = (tail + bytes.toString('latin1')).slice(-2048)));
        response.on('error', reject);
        response.on('end', () => {
          const tokens = usageTail.exec(tail)?.[1];
          if (response.statusCode === 200 && tokens !== undefined) resolve(Number(tokens));
          else reject(new Error(`${target.name} answered ${response.statusCode ?? 0}: ${tail}`));
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
