import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMillrace, type Millrace } from './index.ts';

let server: Server;
let client: Millrace;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  client = createMillrace({ baseUrl: `http://127.0.0.1:${String(port)}/` });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('a task is followed over any number of lost connections, as long as each brings news', async () => {
  const cutsMax = 12;
  let cuts = 0;
  answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const over = cuts === cutsMax;
    const status = over ? 'succeeded' : 'running';
    response.write(`event: status\ndata: ${JSON.stringify({ task_id: 'task_1', status })}\n\n`, () => {
      if (over) response.end('event: end\ndata: {}\n\n');
      else setTimeout(() => response.destroy(), 5);
    });
    cuts += over ? 0 : 1;
  };
  const seen: string[] = [];
  for await (const { status } of client.tasks.follow('task_1')) seen.push(status);
  expect(seen).toEqual([...Array.from({ length: cutsMax }, () => 'running'), 'succeeded']);
});

it('a batch is followed while the platform is being restarted', async () => {
  const answers = [
    [200, { id: 'batch_1', status: 'in_progress' }],
    [503, { error: { code: 'shutting_down', message: 'It is stopping.' } }],
    [0, {}],
    [200, { id: 'batch_1', status: 'completed' }],
  ] as const;
  let asked = 0;
  answer = (response) => {
    const [status, body] = answers[asked] ?? [500, {}];
    asked += 1;
    if (status === 0) response.destroy();
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const seen: string[] = [];
  for await (const { status } of client.batches.follow('batch_1')) seen.push(status);
  expect(seen).toEqual(['in_progress', 'completed']);
});

it('what does not exist is not asked for again', async () => {
  let asked = 0;
  answer = (response) => {
    asked += 1;
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code: 'not_found', message: 'There is none.' } }));
  };
  await expect(client.batches.follow('batch_1').next()).rejects.toMatchObject({ code: 'not_found' });
  await expect(client.tasks.follow('task_1').next()).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toBe(2);
});
