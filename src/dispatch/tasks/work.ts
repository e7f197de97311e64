import type { Problem, Task, TaskProgress } from '#schema';

export interface TaskReply {
  readonly status: number;
  readonly contentType: string;
  /** `name@version` of who answered. */
  readonly model: string;
  readonly jsonBytes?: string | undefined;
  readonly body: Uint8Array;
}

/** How an attempt came out. */
export type Verdict =
  | { readonly kind: 'succeeded'; readonly reply: TaskReply }
  /** Trying again cannot help. */
  | { readonly kind: 'refused'; readonly problem: Problem; readonly reply?: TaskReply | undefined }
  /** It may have begun, and may be tried again. */
  | { readonly kind: 'faulted'; readonly problem: Problem }
  /** Nobody could take it: it has not begun. */
  | { readonly kind: 'postponed'; readonly problem: Problem };

export interface WorkListener {
  progressed(progress: TaskProgress): void;
  /** Once, and last; not after a cancel. */
  ended(verdict: Verdict): void;
}

/** Does what a task asks for. The returned function stops it at once. */
export type Work = (task: Task, input: Uint8Array, listener: WorkListener) => () => void;
