import { decided, hold, type ScalePolicy } from './policy.ts';

export interface BandOptions {
  readonly upAt: number;
  readonly downAt: number;
}

/** A band: one replica more above it, one less below it. */
export function band({ upAt, downAt }: BandOptions): ScalePolicy<undefined> {
  return {
    name: 'band',
    begin: () => undefined,
    decide(input, memory) {
      const { load, ready, wanted } = input;
      if (load === undefined) return hold(input, memory);
      const each = load.occupied / Math.max(1, ready);
      const facts = { load: each };
      // What was ordered before is awaited first, or every look would order one more.
      if (each > upAt && wanted <= ready) return decided(wanted + 1, memory, { code: 'above', facts });
      if (each < downAt && wanted > 0) return decided(wanted - 1, memory, { code: 'below', facts });
      return decided(wanted, memory, { code: 'within', facts });
    },
  };
}
