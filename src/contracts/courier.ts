import type { Problem } from '#schema';

/** News for somebody outside. */
export interface Letter {
  /** The same for every attempt to deliver it, so that it can be recognised. */
  readonly id: string;
  /** Id of the task that it is about. */
  readonly about: string;
  /** Where to: an address that this courier knows. */
  readonly url: string;
  /** Whose news: what it is signed for. */
  readonly tenant: string;
  readonly text: string;
}

export type Delivery =
  | { readonly kind: 'delivered'; readonly status: number }
  /** Not wanted there, ever: trying again cannot help. */
  | { readonly kind: 'unwanted'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** How news reach those who asked to hear them. */
export interface Courier {
  deliver(letter: Letter, signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}
