import { StepFault, type StepContext, type StepFunctions } from './modules.ts';

/** An event longer than this is no event of a language model. */
const lineCharactersMax = 1_048_576;

/** What a step gives for one event: another, several, none (null), or the same (undefined). */
function eventsOf(made: unknown, event: unknown): readonly unknown[] {
  if (made === undefined) return [event];
  if (made === null) return [];
  return Array.isArray(made) ? made : [made];
}

/**
 * Changes server-sent events by a step, however their bytes were cut. What is no `data:` line, the `[DONE]` at the end
 * and errors of the engine pass as they are.
 */
export function createEventChanger(
  chunk: NonNullable<StepFunctions['chunk']>,
  context: StepContext,
): (bytes: Uint8Array) => Promise<Uint8Array> {
  const decoder = new TextDecoder();
  let pending = '';

  async function change(line: string): Promise<string> {
    const payload = line.startsWith('data:') ? line.slice(5).trim() : '';
    if (payload === '' || payload === '[DONE]' || payload.startsWith('{"error"')) return `${line}\n`;
    const event: unknown = JSON.parse(payload);
    const events = eventsOf(await chunk(event, context), event);
    // Each line of data becomes an event of its own: the empty line behind it in the stream ends the last.
    return events.map((one) => `data: ${JSON.stringify(one)}\n`).join('\n');
  }

  return async (bytes) => {
    pending += decoder.decode(bytes, { stream: true });
    const lines = pending.split(/\r?\n/);
    pending = lines.pop() ?? '';
    if (pending.length > lineCharactersMax) throw new StepFault('An event of the stream never ends.');
    let out = '';
    for (const line of lines) out += await change(line);
    return Buffer.from(out);
  };
}
