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

/** A backslash, what JSON forbids inside a string, or what is not ASCII. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const needsParser = /[\\\u0000-\u001f\u0080-\u00ff]/;

/** The characters of a JSON string, its escapes resolved. Throws where JSON would. */
function textBetween(body: Buffer, from: number, to: number): string {
  const text = body.toString('latin1', from, to);
  // Plain ASCII without escapes is by far the usual, and is what it looks like.
  if (!needsParser.test(text)) return text;
  const value: unknown = JSON.parse(`"${body.toString('utf8', from, to)}"`);
  return String(value);
}

/** The text at a span; undefined where there is something else. Throws where JSON would. */
export function textAt(body: Buffer, from: number, to: number): string | undefined {
  return body[from] === quote ? textBetween(body, from + 1, to - 1) : undefined;
}

/** Where a member's value begins, or -1 where the bytes are no member. */
function valueStart(body: Buffer, nameEnd: number): number {
  if (nameEnd === -1) return -1;
  const colonAt = skipSpace(body, nameEnd + 1);
  return body[colonAt] === colon ? skipSpace(body, colonAt + 1) : -1;
}

/** What is done with a member: where its value stands, half-open. */
export type TakeMember<Found> = (
  found: Found,
  name: string,
  span: { readonly body: Buffer; readonly from: number; readonly to: number },
) => void;

function readMembers<Found>(body: Buffer, found: Found, take: TakeMember<Found>): boolean {
  let at = skipSpace(body, skipSpace(body, 0) + 1);
  while (body[at] !== braceClose) {
    if (body[at] !== quote) return false;
    const nameEnd = stringEnd(body, at + 1);
    const from = valueStart(body, nameEnd);
    const to = from === -1 ? -1 : valueEnd(body, from);
    if (to === -1 || to === from) return false;
    take(found, textBetween(body, at + 1, nameEnd), { body, from, to });
    at = skipSpace(body, to);
    if (body[at] === comma) at = skipSpace(body, at + 1);
    else if (body[at] !== braceClose) return false;
  }
  return true;
}

/**
 * Goes through the members at the top level of a JSON object without parsing it: one pass over the bytes, strings
 * skipped by a native search for their quotes. False where the bytes are not an object this reader follows.
 */
export function eachMember<Found>(body: Buffer, found: Found, take: TakeMember<Found>): boolean {
  if (body[skipSpace(body, 0)] !== braceOpen) return false;
  try {
    return readMembers(body, found, take);
  } catch {
    // An escape that JSON does not know.
    return false;
  }
}

/** The members with the bytes of their values; like JSON.parse, the last of equal names counts. */
export function membersOf(body: Buffer): ReadonlyMap<string, Buffer> | undefined {
  const members = new Map<string, Buffer>();
  const isRead = eachMember(body, members, (found, name, { from, to }) => {
    found.set(name, body.subarray(from, to));
  });
  return isRead ? members : undefined;
}

/** A JSON object of members that are JSON already: nothing is parsed or written anew. */
export function objectOf(members: Iterable<readonly [name: string, value: Buffer | string]>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of members) {
    const lead = parts.length === 0 ? '{' : ',';
    parts.push(Buffer.from(`${lead}${JSON.stringify(name)}:`), Buffer.from(value));
  }
  parts.push(Buffer.from('}'));
  return Buffer.concat(parts);
}

/** The bytes of the objects in a JSON array; undefined where it is none, or there is something else in it. */
export function objectsIn(list: Buffer): readonly Buffer[] | undefined {
  const objects: Buffer[] = [];
  let at = skipSpace(list, 0);
  if (list[at] !== bracketOpen) return undefined;
  at = skipSpace(list, at + 1);
  while (list[at] === braceOpen) {
    const to = nestEnd(list, at);
    if (to === -1) return undefined;
    objects.push(list.subarray(at, to));
    at = skipSpace(list, to);
    if (list[at] === comma) at = skipSpace(list, at + 1);
  }
  return list[at] === bracketClose ? objects : undefined;
}
