import { z } from 'zod';

/** A user's own ES module on this machine; `example` is what such a file may be called. */
export function moduleFile(example: string): z.ZodString {
  return z.string().regex(/^file:\/\/\/\S+\.m?js$/, `an ES module as file:///path/to/${example}.mjs`);
}
