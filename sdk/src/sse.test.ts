import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readEvents, type SseEvent } from './sse.ts';

function bodyOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

async function read(parts: readonly Uint8Array[]): Promise<readonly SseEvent[]> {
  const events: SseEvent[] = [];
  for await (const event of readEvents(bodyOf(parts))) events.push(event);
  return events;
}

const encoder = new TextEncoder();

describe('readEvents', () => {
  it('reads names, ids, several data lines and comments', async () => {
    const text = ': hello\n\nevent: put\nid: 7\ndata: {"a":\ndata: "ü"}\n\ndata:x\n\nevent: empty\n\n';
    expect(await read([encoder.encode(text)])).toEqual([
      { event: 'put', id: '7', data: '{"a":\n"ü"}' },
      { event: 'message', id: undefined, data: 'x' },
    ]);
  });

  it('reads the same however the bytes were cut, with any line ends', async () => {
    const cut = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    const end = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), end, cut, async (texts, lineEnd, sizes) => {
        const data = texts.map((text) => `é${text.replaceAll(/[\r\n]/g, '')}`);
        const bytes = encoder.encode(data.map((one) => `data: ${one}${lineEnd}${lineEnd}`).join(''));
        const parts: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          parts.push(bytes.slice(at, at + size));
          at += size;
        }
        // With lone CRs the last one may be half a CRLF: what follows it decides.
        const events = await read([...parts, encoder.encode(lineEnd === '\r' ? '\n' : '')]);
        expect(events.map((event) => event.data)).toEqual(data);
      }),
    );
  });
});
