/** An event longer than this is no event of a language model. */
const lineCharactersMax = 1_048_576;

/**
 * Reads server-sent events off a byte stream, however it was cut and whichever line ends it has, and hands over the
 * payload of each `data:` line. The reader returns false, and reads no more, when a line grows beyond its limit.
 */
export function createEventReader(onData: (payload: string) => void): (bytes: Uint8Array) => boolean {
  const decoder = new TextDecoder();
  let pending = '';
  return (bytes) => {
    if (pending.length > lineCharactersMax) return false;
    const text = decoder.decode(bytes, { stream: true });
    pending += text;
    // A long line in many pieces is not looked through with each of them.
    if (!text.includes('\n')) return pending.length <= lineCharactersMax;
    const lines = pending.split(/\r?\n/);
    pending = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) onData(line.slice(5).trim());
    return pending.length <= lineCharactersMax;
  };
}
