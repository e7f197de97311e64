import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Target {
  readonly port: number;
  readonly key: string;
  readonly model: string;
}

/** What a request asks for: a prompt, and an answer of so many tokens. */
export interface Question {
  readonly prompt: string;
  readonly outputTokens: number;
}

/** How one request went, as its caller saw it. Times since the load began. */
export interface Answer {
  readonly sentMs: number;
  /** When its first token was there; undefined when none ever was. */
  readonly firstMs: number | undefined;
  readonly endMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly status: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 2048 });
const firstToken = /"content":"[^"]/;
const usage = /"prompt_tokens":(\d+),"completion_tokens":(\d+)/;

/** Streams one chat completion; `nowMs` is the time since the load began. */
export function ask(target: Target, question: Question, nowMs: () => number): Promise<Answer> {
  const body = JSON.stringify({
    model: target.model,
    messages: [{ role: 'user', content: question.prompt }],
    temperature: 0,
    max_tokens: question.outputTokens,
    stream: true,
    stream_options: { include_usage: true },
  });
  const headers = {
    authorization: `Bearer ${target.key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const where = { agent, hostname: '127.0.0.1', port: target.port, path: '/v1/chat/completions' };
  return new Promise((resolve, reject) => {
    const sentMs = nowMs();
    const call = request({ ...where, method: 'POST', headers }, (response) => {
      let firstMs: number | undefined;
      let tail = '';
      response.on('data', (bytes: Buffer) => {
        tail = (tail + bytes.toString('latin1')).slice(-4096);
        if (firstMs === undefined && firstToken.test(tail)) firstMs = nowMs();
      });
      response.on('error', reject);
      response.on('end', () => {
        const [, promptTokens = '0', outputTokens = '0'] = usage.exec(tail) ?? [];
        resolve({
          sentMs,
          firstMs,
          endMs: nowMs(),
          promptTokens: Number(promptTokens),
          outputTokens: Number(outputTokens),
          status: response.statusCode ?? 0,
        });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

export interface Arrival extends Question {
  readonly atMs: number;
}

/** Sends each when it is time, whatever becomes of the others; resolves when all are answered. */
export async function putLoad(target: Target, arrivals: readonly Arrival[]): Promise<readonly Answer[]> {
  const startMs = performance.now();
  const nowMs = (): number => performance.now() - startMs;
  const answers: Promise<Answer>[] = [];
  for (const arrival of arrivals) {
    const earlyMs = arrival.atMs - nowMs();
    if (earlyMs > 0.5) await delay(earlyMs);
    answers.push(ask(target, arrival, nowMs));
  }
  return Promise.all(answers);
}
