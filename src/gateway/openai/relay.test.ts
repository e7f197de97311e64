import { describe, expect, it } from 'vitest';
import { plainHead } from '#contracts';
import { systemClock as clock } from '../../../test/conformance/system-clock.ts';
import type { Reply } from '../http/reply.ts';
import { Relay } from './relay.ts';

const stream = plainHead('text/event-stream');
const chosen = { deployment: 'chat', model: 'chat@1', queueMs: 0, firstByteMs: 1 };

/** A client's side that writes down what leaves, and when its head does. */
function relayed(): { relay: Relay; left: string[] } {
  const left: string[] = [];
  const reply: Reply = {
    statusCode: 200,
    headersSent: false,
    destroyed: false,
    get writable() {
      return !left.some((one) => one.startsWith('end'));
    },
    writableLength: 0,
    setHeader: () => undefined,
    writeHead: () => undefined,
    flushHeaders: () => void left.push('head'),
    write: (bytes) => left.push(`write ${String(bytes)}`) > 0,
    end: (bytes) => left.push(bytes === undefined ? 'end' : `end ${String(bytes)}`),
    destroy: () => undefined,
    on: () => undefined,
    setTimeout: () => undefined,
  };
  const relay = new Relay({
    response: reply,
    requestId: 'r1',
    clock,
    arrivedMs: 0,
    slowClientMs: 1000,
    finished: () => undefined,
  });
  return { relay, left };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('an answer on its way to the client', () => {
  it('begins at once where its first bytes are still to come', async () => {
    const { relay, left } = relayed();
    relay.started(stream, chosen);
    await Promise.resolve();
    expect(left).toEqual(['head']);
  });

  it('begins with its first bytes where they came together, and ends with its last', async () => {
    const { relay, left } = relayed();
    relay.started(stream, chosen);
    relay.received(bytes('one'));
    await Promise.resolve();
    relay.received(bytes('two'), true);
    relay.ended();
    expect(left).toEqual(['write one', 'end two']);
  });

  it('ends by itself where nobody knew which bytes were the last', () => {
    const { relay, left } = relayed();
    relay.started(stream, chosen);
    relay.received(bytes('one'));
    relay.ended();
    expect(left).toEqual(['write one', 'end']);
  });
});
