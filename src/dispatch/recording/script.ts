import { problem, ProblemError, recordedInput, recordingHead, type RecordedInput } from '#schema';

/** A line of a recording: something that came in, or something that dispatch did, as text. */
export type ScriptLine =
  | { readonly kind: 'input'; readonly number: number; readonly input: RecordedInput }
  | { readonly kind: 'deed'; readonly number: number; readonly text: string };

/** A recording that is read once, one line ahead. */
export interface Script {
  readonly epochMs: number;
  peek(): ScriptLine | undefined;
  take(): ScriptLine | undefined;
}

function unreadable(number: number, why: string): ProblemError {
  return new ProblemError(problem('invalid_request', `Line ${number} of the recording: ${why}`));
}

function parse(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(number, 'it is not JSON.');
  }
}

function readLine(text: string, number: number): ScriptLine {
  const value = parse(text, number);
  if (typeof value === 'object' && value !== null && 'do' in value) return { kind: 'deed', number, text };
  const parsed = recordedInput.safeParse(value);
  if (parsed.success) return { kind: 'input', number, input: parsed.data };
  throw unreadable(number, parsed.error.issues[0]?.message ?? 'it is nothing that is known.');
}

export function createScript(lines: Iterable<string>): Script {
  const source = lines[Symbol.iterator]();
  const first = source.next();
  const head = recordingHead.safeParse(first.done === true ? undefined : parse(first.value, 1));
  if (!head.success) throw unreadable(1, 'it does not begin as a recording of this version does.');
  let number = 1;

  function read(): ScriptLine | undefined {
    const next = source.next();
    return next.done === true ? undefined : readLine(next.value, (number += 1));
  }
  let ahead = read();
  return {
    epochMs: head.data.epochMs,
    peek: () => ahead,
    take() {
      const line = ahead;
      ahead = line && read();
      return line;
    },
  };
}
