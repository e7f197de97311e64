import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, startGateway, startReplica } from './stage.ts';

afterEach(cleanUp);

interface Seen {
  readonly bodies: string[];
}

/** A replica that answers each request with what it was sent, and remembers it. */
async function startEcho(): Promise<Seen & { readonly url: string }> {
  const bodies: string[] = [];
  const url = await startReplica((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      bodies.push(body);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ echo: body }));
    });
  });
  return { bodies, url };
}

function open(url: string): { socket: Socket; heard: () => string } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  socket.on('error', () => undefined);
  return { socket, heard: () => text };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries++) await delay(10);
  expect(condition()).toBe(true);
}

const auth = 'authorization: Bearer mr_user\r\n';
function post(body: string, headers = ''): string {
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}content-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
}
const question = (word: string): string => `{"model":"chat","q":"${word}"}`;
const answersIn = (text: string): number => text.match(/HTTP\/1\.1 \d{3}/g)?.length ?? 0;

/** More than the buffers of two sockets hold. */
function tale(name: string): readonly string[] {
  return Array.from({ length: 200 }, (_, count) => `data: ${name}${count} ${'.'.repeat(99_000)}\n\n`);
}

/** A replica that tells whoever asks a long tale of its own. */
function startTeller(): Promise<string> {
  return startReplica((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const line of tale(/"q":"(\w)"/.exec(body)?.[1] ?? '')) response.write(line);
      response.end();
    });
  });
}

interface Hearing {
  readonly heard: () => string;
}
const isWhole = ({ heard }: Hearing): boolean => heard().endsWith('\r\n0\r\n\r\n');

function payloadOf({ heard }: Hearing): string {
  const text = heard();
  const chunks = text.slice(text.indexOf('\r\n\r\n') + 2, -'0\r\n\r\n'.length);
  return chunks.replaceAll(/\r\n[\da-f]+\r\n/g, '').slice(0, -2);
}

describe('a connection with plain requests', () => {
  it('answers requests that come together one after another, in order', async () => {
    const replica = await startEcho();
    const { socket, heard } = open(await startGateway(replica.url));
    socket.write(post(question('a')) + post(question('b')) + post(question('c')));
    await until(() => answersIn(heard()) === 3);
    expect(replica.bodies).toEqual([question('a'), question('b'), question('c')]);
    expect(heard().indexOf('\\"a\\"')).toBeLessThan(heard().indexOf('\\"b\\"'));
    socket.destroy();
  });

  it('takes a request however it is cut', async () => {
    const replica = await startEcho();
    const url = await startGateway(replica.url);
    const whole = post(question('cut'));
    for (const size of [1, 7, 60]) {
      const { socket, heard } = open(url);
      for (let at = 0; at < whole.length; at += size) {
        socket.write(whole.slice(at, at + size));
        await new Promise(setImmediate);
      }
      await until(() => answersIn(heard()) === 1);
      expect(heard()).toContain('200 OK');
      socket.destroy();
    }
    expect(replica.bodies).toEqual(Array.from({ length: 3 }, () => question('cut')));
  });

  it('goes on when something out of the ordinary comes between two plain requests', async () => {
    const replica = await startEcho();
    const { socket, heard } = open(await startGateway(replica.url));
    socket.write(post(question('one')));
    await until(() => answersIn(heard()) === 1);
    socket.write(`GET /v1/models HTTP/1.1\r\nhost: x\r\n${auth}\r\n`);
    await until(() => answersIn(heard()) === 2);
    socket.write(post(question('two')));
    await until(() => answersIn(heard()) === 3);
    expect(heard()).toContain('"object":"list"');
    expect(replica.bodies).toEqual([question('one'), question('two')]);
    socket.destroy();
  });

  it('gives everyone their own answer, whoever reads late', async () => {
    const url = await startGateway(await startTeller());
    const late = { name: 'a', ...open(url) };
    const prompt = ['b', 'c'].map((name) => ({ name, ...open(url) }));
    late.socket.pause();
    for (const { name, socket } of [late, ...prompt]) socket.write(post(question(name)));
    await until(() => prompt.every(isWhole));
    late.socket.resume();
    await until(() => isWhole(late));
    for (const one of [late, ...prompt]) {
      expect(payloadOf(one)).toBe(tale(one.name).join(''));
      one.socket.destroy();
    }
  });

  it('waits for a body only so long, and for a first request', async () => {
    const replica = await startEcho();
    const url = await startGateway(replica.url, { bodyMs: 200, headersMs: 200 });
    const half = open(url);
    half.socket.write(post(question('never')).slice(0, -5));
    const mute = open(url);
    await Promise.all([once(half.socket, 'close'), once(mute.socket, 'close')]);
    expect(half.heard()).toContain('408');
    expect(mute.heard()).toContain('408');
    expect(replica.bodies).toEqual([]);
  });

  it('refuses strangers, long bodies and keys without the right on the same terms as ever', async () => {
    const replica = await startEcho();
    const url = await startGateway(replica.url, { bodyBytes: 1024 });
    const stranger = open(url);
    stranger.socket.write(post(question('x')).replace('mr_user', 'mr_guess'));
    const long = open(url);
    long.socket.write(post(question('y'.repeat(2000))));
    await until(() => answersIn(stranger.heard()) === 1 && answersIn(long.heard()) === 1);
    expect(stranger.heard()).toContain('401');
    expect(long.heard()).toContain('413');
    expect(replica.bodies).toEqual([]);
    for (const { socket } of [stranger, long]) socket.destroy();
  });
});

/** Requests that two readers might tell apart differently. What the replica sees must never be the smuggled one. */
const smuggled = question('smuggled');
const hidden = post(smuggled);
const odd: Readonly<Record<string, string>> = {
  'a length and chunks': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'two lengths': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}content-length: 0\r\ncontent-length: ${hidden.length}\r\n\r\n${hidden}`,
  'a signed length': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}content-length: +0\r\n\r\n${hidden}`,
  'a length in hexadecimal': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}content-length: 0x0\r\n\r\n${hidden}`,
  'a length list': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}content-length: 0, 0\r\n\r\n${hidden}`,
  'a space before the colon': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}content-length : 0\r\n\r\n${hidden}`,
  'a folded line': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}x-a: b\r\n content-length: 0\r\n\r\n${hidden}`,
  'bare line feeds': `POST /v1/chat/completions HTTP/1.1\nhost: x\nauthorization: Bearer mr_user\ncontent-length: 0\n\n${hidden}`,
  'a bare carriage return': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\rcontent-length: 0\r\n${auth}\r\n${hidden}`,
  'a zero byte': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\u0000y\r\n${auth}content-length: 0\r\n\r\n${hidden}`,
  'a vertical tab': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}transfer-encoding:\u000bchunked\r\ncontent-length: 0\r\n\r\n${hidden}`,
  'a wrong version': `POST /v1/chat/completions HTTP/9.9\r\nhost: x\r\n${auth}content-length: 0\r\n\r\n${hidden}`,
  'a chunk that lies': `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}transfer-encoding: chunked\r\n\r\n1;\n\r\nA\r\n0\r\n\r\n${hidden}`,
};

/** Not in order, but as long as they say: what follows on the connection is a request of its own. */
const whole: Readonly<Record<string, string>> = {
  'two spaces': `POST  /v1/chat/completions HTTP/1.1\r\nhost: x\r\n${auth}content-length: 0\r\n\r\n${hidden}`,
  'no host': `POST /v1/chat/completions HTTP/1.1\r\n${auth}content-length: 0\r\n\r\n${hidden}`,
  'two hosts': `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nhost: b\r\n${auth}content-length: 0\r\n\r\n${hidden}`,
  'an older version': `POST /v1/chat/completions HTTP/1.0\r\nhost: x\r\n${auth}content-length: 0\r\n\r\n${hidden}`,
};

describe('requests that are not what they seem', () => {
  it.each(Object.keys(odd))('%s: nothing is carried past the first reader', async (name) => {
    const replica = await startEcho();
    const { socket, heard } = open(await startGateway(replica.url));
    socket.write(odd[name] ?? '', 'latin1');
    await Promise.race([once(socket, 'close'), delay(300)]);
    expect(replica.bodies).toEqual([]);
    expect(heard()).not.toContain('200 OK');
    socket.destroy();
  });

  it.each(Object.keys(whole))('%s: it is refused, and at most the next one is answered', async (name) => {
    const replica = await startEcho();
    const { socket, heard } = open(await startGateway(replica.url));
    socket.write(whole[name] ?? '', 'latin1');
    await Promise.race([once(socket, 'close'), delay(300)]);
    expect(heard()).toMatch(/^HTTP\/1\.1 400/);
    expect(answersIn(heard())).toBeLessThanOrEqual(2);
    socket.destroy();
  });

  it('survives whatever bytes come, and answers the next client', async () => {
    const replica = await startEcho();
    const url = await startGateway(replica.url);
    const good = post(question('good'));
    const mangled = fc
      .array(fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255), cut: fc.boolean() }), {
        minLength: 1,
        maxLength: 4,
      })
      .map((edits) => {
        let bytes = Buffer.from(good, 'latin1');
        for (const { at, byte, cut } of edits) {
          if (cut) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
          else if (at < bytes.length) bytes[at] = byte;
        }
        return bytes;
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(mangled, fc.uint8Array({ minLength: 1, maxLength: 300 })), async (bytes) => {
        const { socket, heard } = open(url);
        socket.end(bytes);
        await Promise.race([once(socket, 'close'), delay(1000)]);
        socket.destroy();
        expect(answersIn(heard())).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
    const { socket, heard } = open(url);
    socket.write(good);
    await until(() => heard().includes('200 OK'));
    socket.destroy();
  });
});
