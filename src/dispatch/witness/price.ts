import type { Deployment } from '#schema';
import type { Usage } from '../usage.ts';

/** What a provider charges, per million tokens. */
export interface Price {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

function isPrice(value: unknown): value is Price {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'inputPerMillion' in value &&
    typeof value.inputPerMillion === 'number' &&
    'outputPerMillion' in value &&
    typeof value.outputPerMillion === 'number'
  );
}

/** The prices that are kept with a deployment, in the options of its engine. */
export function priceOf({ spec }: Pick<Deployment, 'spec'>): Price | undefined {
  const { cost } = spec.engine.options;
  return isPrice(cost) ? cost : undefined;
}

const microseconds = 1000;

/** Millionths of the currency where there are prices; else how long it took a place of a replica, in microseconds. */
export function costOf(price: Price | undefined, usage: Usage, tookMs: number): number {
  if (price === undefined) return tookMs * microseconds;
  return usage.promptTokens * price.inputPerMillion + usage.completionTokens * price.outputPerMillion;
}
