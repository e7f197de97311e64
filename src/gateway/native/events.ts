/**
 * Splits server-sent events off a byte stream and hands over the payload of each `data:` line. Events are cut at
 * blank lines, so a payload is whole however the bytes were cut. An event longer than the limit ends the reading.
 */
const eventBytesMax = 1_048_576;

export function createEventReader(onData: (payload: string) => void): (bytes: Uint8Array) => boolean {
  const decoder = new TextDecoder();
  let pending = '';
  return (bytes) => {
    pending += decoder.decode(bytes, { stream: true });
    const events = pending.split('\n\n');
    pending = events.pop() ?? '';
    for (const event of events) if (event.startsWith('data:')) onData(event.slice(5).trim());
    return pending.length <= eventBytesMax;
  };
}
