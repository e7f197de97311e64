import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createWebhookCourier, webhookSecretOf } from './index.ts';
import { isPrivateAddress } from './private-address.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

const clock = { nowMs: () => 1_700_000_000_500 };
const never = new AbortController().signal;

async function startReceiver(status: number) {
  const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      heard.push({ headers: request.headers, body: await text(request) });
      response.writeHead(status, { 'retry-after': '7', location: 'http://127.0.0.1:1/' }).end('ok');
    };
    void answer();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { heard, port };
}

function courier(allowPrivate: boolean) {
  const made = createWebhookCourier({ clock, platformSecret: 'platform', allowPrivate });
  cleanups.push(() => made.close());
  return made;
}

const letter = (url: string) => ({
  id: 'task_1_w1',
  about: 'task_1',
  url,
  tenant: 'acme',
  text: '{"type":"task.succeeded"}',
});

describe('the webhook courier', () => {
  it('delivers what anybody with the secret of the tenant can check', async () => {
    const { heard, port } = await startReceiver(204);
    const delivery = await courier(true).deliver(letter(`http://127.0.0.1:${port}/hook`), never);
    expect(delivery).toEqual({ kind: 'delivered', status: 204 });
    const [got] = heard;
    expect(got?.body).toBe('{"type":"task.succeeded"}');
    const secret = webhookSecretOf('platform', 'acme');
    expect(secret).toMatch(/^whsec_/);
    expect(secret).not.toBe(webhookSecretOf('platform', 'other'));
    const signed = ['task_1_w1', got?.headers['webhook-timestamp'], got?.body].join('.');
    const expected = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(signed)
      .digest('base64');
    expect(got?.headers['webhook-timestamp']).toBe('1700000000');
    expect(got?.headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  it('tells what may work later from what never will', async () => {
    const busy = await startReceiver(503);
    expect(await courier(true).deliver(letter(`http://127.0.0.1:${busy.port}/`), never)).toMatchObject({
      kind: 'failed',
      problem: { retryAfterMs: 7000 },
    });
    const gone = await startReceiver(410);
    expect((await courier(true).deliver(letter(`http://127.0.0.1:${gone.port}/`), never)).kind).toBe(
      'unwanted',
    );
    const moved = await startReceiver(302);
    expect((await courier(true).deliver(letter(`http://127.0.0.1:${moved.port}/`), never)).kind).toBe(
      'failed',
    );
    expect((await courier(true).deliver(letter('http://127.0.0.1:9/'), never)).kind).toBe('failed');
  });

  it('goes to no private address, however it is written', async () => {
    const { heard, port } = await startReceiver(200);
    const hosts = [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
    ];
    for (const host of hosts) {
      const { kind } = await courier(false).deliver(letter(`http://${host}:${port}/`), never);
      expect([host, kind]).toEqual([host, 'unwanted']);
    }
    expect(heard).toEqual([]);
  });

  it('knows which addresses are private', () => {
    const inside = [
      '10.1.2.3',
      '172.31.0.1',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      'fd00::1',
      'fe80::1',
      '::',
      'nonsense',
    ];
    const outside = ['8.8.8.8', '172.32.0.1', '100.63.0.1', '2600::1'];
    expect(inside.filter((address) => !isPrivateAddress(address))).toEqual([]);
    expect(outside.filter(isPrivateAddress)).toEqual([]);
  });
});
