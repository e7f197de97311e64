/** Everything sealed so far: a part that is handed back unchanged is shared instead of copied again. */
const sealedBefore = new WeakSet<object>();

/**
 * Freezes an object that nobody else holds yet, all the way down. Parts that may be held by others are replaced
 * by copies, so that what is stored cannot be changed from outside.
 */
export function sealed<T extends object>(own: T): T {
  for (const key of Object.keys(own)) {
    const part: unknown = Reflect.get(own, key);
    if (typeof part !== 'object' || part === null || sealedBefore.has(part)) continue;
    const copy = structuredClone(part);
    freeze(copy);
    Reflect.set(own, key, copy);
  }
  Object.freeze(own);
  sealedBefore.add(own);
  return own;
}

function freeze(whole: object): void {
  for (const key of Object.keys(whole)) {
    const part: unknown = Reflect.get(whole, key);
    if (typeof part === 'object' && part !== null) freeze(part);
  }
  Object.freeze(whole);
  sealedBefore.add(whole);
}
