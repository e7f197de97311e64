import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { problem, ProblemError, type Payload, type Task } from '#schema';
import { createPayloads } from '#dispatch';
import { createMemoryBlobs } from '#blobs/memory';
import { createSeededRng } from '../../../test/world/seeded-rng.ts';
import { createVirtualClock } from '../../../test/world/virtual-clock.ts';
import { sendProblem } from '../http/exchange.ts';
import { sendResult } from './result.ts';

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

const pieceBytes = 1024 * 1024;
const piecesMax = 64;
const piece = new Uint8Array(pieceBytes);

/** A gateway with one task, whose answer is 64 MiB long; counts what of it was read. */
async function serve(blob: 'there' | 'gone') {
  const clock = createVirtualClock();
  const plain = createPayloads({ blobs: createMemoryBlobs(), rng: createSeededRng(), clock });
  const seen = { read: 0 };
  async function* read(): AsyncGenerator<Uint8Array> {
    for (; seen.read < piecesMax; seen.read += 1) {
      if (blob === 'gone') throw new ProblemError(problem('not_found', 'It is gone.'));
      yield await Promise.resolve(piece);
    }
  }
  const payloads = { ...plain, read, load: () => Promise.reject(new Error('That would hold all of it.')) };
  const payload: Payload = { kind: 'blob', digest: 'sha256:0', sizeBytes: pieceBytes * piecesMax };
  const output = { status: 200, contentType: 'application/json', model: 'demo@1', payload };
  const task: Task = Object({ id: 'task_1', state: 'succeeded', output });
  const server = createServer((_request, response) => {
    sendResult({ payloads, clock }, { response }, task).catch((fault: unknown) => {
      sendProblem(response, fault instanceof ProblemError ? fault.problem : problem('internal'));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const address = server.address();
  const asked = request({ port: typeof address === 'object' && address ? address.port : 0 }).end();
  const [answer]: IncomingMessage[] = await once(asked, 'response');
  if (answer === undefined) throw new Error('There is an answer.');
  return { answer, seen };
}

describe('the result of a task', () => {
  it('is read as fast as the client reads it, and whole in the end', async () => {
    const { answer, seen } = await serve('there');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen.read).toBeLessThan(piecesMax / 2);
    let bytes = 0;
    for await (const part of answer) bytes += Buffer.from(part).length;
    expect(bytes).toBe(pieceBytes * piecesMax);
  });

  it('that cannot be read is told with the reason', async () => {
    const { answer } = await serve('gone');
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(await text(answer))).toMatchObject({ error: { message: 'It is gone.' } });
  });

  it('is asked for again when a delayed task may have begun', async () => {
    const clock = createVirtualClock();
    const plain = createPayloads({ blobs: createMemoryBlobs(), rng: createSeededRng(), clock });
    const ask = async (given: Partial<Task>) => {
      const task: Task = Object({ ...given, id: 'task_1' });
      return sendResult({ payloads: plain, clock }, { response: Object({}) }, task);
    };
    const dueAtMs = clock.nowMs() + 90_000;
    expect(await ask({ state: 'queued', dueAtMs })).toMatchObject({ retryAfterMs: 90_000 });
    expect(await ask({ state: 'running', dueAtMs: 0 })).toMatchObject({ retryAfterMs: 1000 });
  });
});
