/** What the gateway wants to know of a request's body; everything else passes through unread. */
export interface Scanned {
  model: string | undefined;
  /** Where its value stands, half-open; -1 where there is none. */
  modelFrom: number;
  modelTo: number;
  stream: boolean;
  /** `max_tokens`, or its newer name `max_completion_tokens`. */
  maxTokens: number | undefined;
  /** `n`. */
  answers: number;
  /** `user`: who the caller's own end user is, as it says. */
  user: string | undefined;
  /** Where `messages`, `prompt` or `input` stands, half-open; -1 where there is none. */
  promptFrom: number;
  promptTo: number;
}

const quote = 0x22;
const backslash = 0x5c;
const braceOpen = 0x7b;
const braceClose = 0x7d;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
const colon = 0x3a;
const comma = 0x2c;
const letterT = 0x74;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  while (isSpace(body[at])) at++;
  return at;
}

/** The index of the quote that ends the string whose first character is at `from`; -1 if it never ends. */
function stringEnd(body: Buffer, from: number): number {
  let at = body.indexOf(quote, from);
  while (at !== -1) {
    let slashes = 0;
    while (body[at - 1 - slashes] === backslash && at - 1 - slashes >= from) slashes++;
    if (slashes % 2 === 0) return at;
    at = body.indexOf(quote, at + 1);
  }
  return -1;
}

/** The index behind the array or object that begins at `from`; -1 if it never ends. */
function nestEnd(body: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < body.length; at++) {
    const byte = body[at];
    if (byte === quote) {
      at = stringEnd(body, at + 1);
      if (at === -1) return -1;
    } else if (byte === braceOpen || byte === bracketOpen) depth++;
    else if (byte === braceClose || byte === bracketClose) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** The index behind the value that begins at `from`; -1 if it never ends. Numbers and words end at a separator. */
function valueEnd(body: Buffer, from: number): number {
  const first = body[from];
  if (first === quote) {
    const end = stringEnd(body, from + 1);
    return end === -1 ? -1 : end + 1;
  }
  if (first === braceOpen || first === bracketOpen) return nestEnd(body, from);
  let at = from;
  while (at < body.length && body[at] !== comma && body[at] !== braceClose && !isSpace(body[at])) at++;
  return at;
}

/** The characters of a JSON string, its escapes resolved. Throws where JSON would. */
function textBetween(body: Buffer, from: number, to: number): string {
  const text = body.toString('latin1', from, to);
  // Plain ASCII without escapes is by far the usual, and is what it looks like.
  if (!needsParser.test(text)) return text;
  const value: unknown = JSON.parse(`"${body.toString('utf8', from, to)}"`);
  return String(value);
}

/** A backslash, what JSON forbids inside a string, or what is not ASCII. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const needsParser = /[\\\u0000-\u001f\u0080-\u00ff]/;

function textAt(body: Buffer, from: number, to: number): string | undefined {
  return body[from] === quote ? textBetween(body, from + 1, to - 1) : undefined;
}

/** It is only compared, so what is longer than any id is cut. */
const userCharactersMax = 256;

/** A whole number that a client may mean as a count; undefined for anything else. */
function countAt(body: Buffer, from: number, to: number): number | undefined {
  const value = Number(body.toString('latin1', from, Math.min(to, from + 24)));
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

type Take = (found: Scanned, body: Buffer, span: readonly [from: number, to: number]) => void;

const takePrompt: Take = (found, _body, [from, to]) => {
  found.promptFrom = from;
  found.promptTo = to;
};
const takeMaxTokens: Take = (found, body, [from, to]) => {
  found.maxTokens = countAt(body, from, to);
};

/** What is done with the members that matter; like JSON.parse, the last of equal names counts. */
const takes: ReadonlyMap<string, Take> = new Map<string, Take>([
  [
    'model',
    (found, body, [from, to]) => {
      found.model = textAt(body, from, to);
      found.modelFrom = from;
      found.modelTo = to;
    },
  ],
  [
    'stream',
    (found, body, [from]) => {
      found.stream = body[from] === letterT;
    },
  ],
  [
    'user',
    (found, body, [from, to]) => {
      found.user = textAt(body, from, to)?.slice(0, userCharactersMax);
    },
  ],
  [
    'n',
    (found, body, [from, to]) => {
      found.answers = Math.max(1, countAt(body, from, to) ?? 1);
    },
  ],
  ['max_tokens', takeMaxTokens],
  ['max_completion_tokens', takeMaxTokens],
  ['messages', takePrompt],
  ['prompt', takePrompt],
  ['input', takePrompt],
]);

/** Where a member's value begins, or -1 where the bytes are no member. */
function valueStart(body: Buffer, nameEnd: number): number {
  if (nameEnd === -1) return -1;
  const colonAt = skipSpace(body, nameEnd + 1);
  return body[colonAt] === colon ? skipSpace(body, colonAt + 1) : -1;
}

function scanMembers(body: Buffer, from: number): Scanned | undefined {
  const found: Scanned = {
    model: undefined,
    modelFrom: -1,
    modelTo: -1,
    stream: false,
    maxTokens: undefined,
    answers: 1,
    user: undefined,
    promptFrom: -1,
    promptTo: -1,
  };
  let at = from;
  while (body[at] !== braceClose) {
    if (body[at] !== quote) return undefined;
    const nameEnd = stringEnd(body, at + 1);
    const valueFrom = valueStart(body, nameEnd);
    const valueTo = valueFrom === -1 ? -1 : valueEnd(body, valueFrom);
    if (valueTo === -1 || valueTo === valueFrom) return undefined;
    takes.get(textBetween(body, at + 1, nameEnd))?.(found, body, [valueFrom, valueTo]);
    at = skipSpace(body, valueTo);
    if (body[at] === comma) at = skipSpace(body, at + 1);
    else if (body[at] !== braceClose) return undefined;
  }
  return found;
}

/**
 * Finds what matters at the top level of a JSON object without parsing it: one pass over the bytes, strings
 * skipped by a native search for their quotes. Undefined where the
 * bytes are not an object this reader follows: the caller then parses, to say exactly what is wrong.
 */
export function scan(body: Buffer): Scanned | undefined {
  const start = skipSpace(body, 0);
  if (body[start] !== braceOpen) return undefined;
  try {
    return scanMembers(body, skipSpace(body, start + 1));
  } catch {
    // An escape that JSON does not know.
    return undefined;
  }
}
