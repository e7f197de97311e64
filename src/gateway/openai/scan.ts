/** What the gateway wants to know of a request's body; everything else passes through unread. */
export interface Scanned {
  readonly model: string | undefined;
}

const quote = 0x22;
const backslash = 0x5c;
const braceOpen = 0x7b;
const braceClose = 0x7d;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
const colon = 0x3a;
const comma = 0x2c;

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
  const text = body.toString('utf8', from, to);
  if (!text.includes('\\')) return text;
  const value: unknown = JSON.parse(`"${text}"`);
  return String(value);
}

interface Member {
  readonly name: string;
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** The member that begins at `from`, or undefined where the bytes are no member. */
function readMember(body: Buffer, from: number): Member | undefined {
  if (body[from] !== quote) return undefined;
  const nameEnd = stringEnd(body, from + 1);
  if (nameEnd === -1) return undefined;
  const colonAt = skipSpace(body, nameEnd + 1);
  if (body[colonAt] !== colon) return undefined;
  const valueFrom = skipSpace(body, colonAt + 1);
  const valueTo = valueEnd(body, valueFrom);
  if (valueTo === -1 || valueTo === valueFrom) return undefined;
  return { name: textBetween(body, from + 1, nameEnd), valueFrom, valueTo };
}

function scanMembers(body: Buffer, from: number): Scanned | undefined {
  let model: string | undefined;
  let at = from;
  while (body[at] !== braceClose) {
    const member = readMember(body, at);
    if (member === undefined) return undefined;
    const { valueFrom, valueTo } = member;
    if (member.name === 'model')
      model = body[valueFrom] === quote ? textBetween(body, valueFrom + 1, valueTo - 1) : undefined;
    at = skipSpace(body, valueTo);
    if (body[at] === comma) at = skipSpace(body, at + 1);
    else if (body[at] !== braceClose) return undefined;
  }
  return { model };
}

/**
 * Finds the top-level `model` of a JSON object without parsing it: one pass over the bytes, strings
 * skipped by a native search for their quotes. Like JSON.parse, the last of equal names counts. Undefined where the
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
