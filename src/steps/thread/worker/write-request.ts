import type { SteppedRequest } from '#contracts';

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

const promptNames: ReadonlySet<string> = new Set(['messages', 'prompt', 'input']);

/** Writes a request that a step has changed, and notes where in it stands what dispatch decides on. */
export function writeRequest(request: Readonly<Record<string, unknown>>): SteppedRequest {
  const parts: Buffer[] = [];
  let size = 0;
  const spans = { modelFrom: -1, modelTo: -1, promptFrom: -1, promptTo: -1 };
  function write(text: string): void {
    const part = Buffer.from(text);
    parts.push(part);
    size += part.length;
  }
  for (const [name, value] of Object.entries(request)) {
    const text = JSON.stringify(value);
    // Functions and undefined have no place in JSON.
    if (typeof text !== 'string') continue;
    write(`${parts.length === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    const from = size;
    write(text);
    if (name === 'model') Object.assign(spans, { modelFrom: from, modelTo: size });
    else if (promptNames.has(name)) Object.assign(spans, { promptFrom: from, promptTo: size });
  }
  write(parts.length === 0 ? '{}' : '}');
  return {
    body: Buffer.concat(parts),
    ...spans,
    stream: request['stream'] === true,
    maxTokens: countOf(request['max_completion_tokens'] ?? request['max_tokens']),
    answers: Math.max(1, countOf(request['n']) ?? 1),
  };
}
