/** The only source of chance: seeded in tests and the simulator, the system's generator live. */
export interface Rng {
  /** A number in [0, 1). Not for secrets. */
  next(): number;
  /** `bytes` unguessable bytes as lower-case hexadecimal. */
  secretHex(bytes: number): string;
}
