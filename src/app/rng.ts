import { randomBytes } from 'node:crypto';
import type { Rng } from '#contracts';

/** The system's chance: `next` for spreading load, `secretHex` for what must not be guessed. */
export function createSystemRng(): Rng {
  return {
    next: () => Math.random(),
    secretHex: (bytes) => randomBytes(bytes).toString('hex'),
  };
}
