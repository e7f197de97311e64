/** One server-sent event. */
export interface SseEvent {
  /** `message` when the server gives none. */
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

function parseBlock(lines: readonly string[]): SseEvent | undefined {
  let event = 'message';
  let id: string | undefined;
  const data: string[] = [];
  for (const line of lines) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'event') event = value ?? '';
    else if (name === 'id') id = value;
    else if (name === 'data') data.push(value ?? '');
  }
  return data.length === 0 ? undefined : { event, data: data.join('\n'), id };
}

/** Cuts text into events as it comes; what is not complete yet is kept. */
function createParser(): (text: string) => SseEvent[] {
  let rest = '';
  let block: string[] = [];
  return (text) => {
    // A lone "\r" at the very end may be the first half of "\r\n".
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    const events: SseEvent[] = [];
    for (const line of lines) {
      if (line !== '') {
        block.push(line);
        continue;
      }
      const event = parseBlock(block);
      block = [];
      if (event) events.push(event);
    }
    return events;
  };
}

/**
 * The events of a `text/event-stream` body, as they come. Leaving the loop closes the connection.
 * `onBytes` hears every piece that arrives, comments included: a sign of life.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void = () => undefined,
): AsyncGenerator<SseEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parse = createParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      yield* parse(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
