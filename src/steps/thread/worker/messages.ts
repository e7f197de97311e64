import type { StepFacts, SteppedRequest } from '#contracts';

/** What the thread is asked. `id` names the request across its calls. */
export type StepCall =
  | { readonly kind: 'pre'; readonly id: number; readonly body: Uint8Array; readonly facts: StepFacts }
  | { readonly kind: 'score'; readonly id: number; readonly body: Uint8Array; readonly facts: StepFacts }
  | { readonly kind: 'post' | 'chunk'; readonly id: number; readonly body: Uint8Array };

/** And what need not be answered. */
export interface StepForget {
  readonly kind: 'forget';
  readonly id: number;
}

export type StepAnswer =
  | { readonly kind: 'request'; readonly request: SteppedRequest }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** From 0 to 1. */
  | { readonly kind: 'score'; readonly score: number }
  | { readonly kind: 'unchanged' }
  /** The step says no; the message is for the caller. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The step changes answers of the other kind only. */
  | { readonly kind: 'whole-only' | 'stream-only' }
  /** The message is for the log: it may hold anything. */
  | { readonly kind: 'failed'; readonly message: string };

/** The first message of a thread: its modules are loaded, or why not. */
export type StepsLoaded =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'unloadable'; readonly message: string };
