import type { NewTask, Payload } from '#schema';

export interface NewFile {
  readonly id: string;
  readonly tenant: string;
  readonly key: string;
  readonly purpose: string;
  readonly name: string;
  readonly payload: Payload;
  readonly keepMs: number;
  readonly nowMs: number;
  readonly idempotencyKey?: string | undefined;
}

type Resting = Pick<NewTask, 'priority' | 'stride' | 'dueAtMs' | 'expiresAtMs' | 'attemptsMax'>;

/** What a file or a mark has of a task: nothing will be done about it. */
export function atRest(nowMs: number): Resting {
  return {
    priority: 'batch',
    stride: 1,
    dueAtMs: nowMs,
    expiresAtMs: nowMs,
    attemptsMax: 1,
  };
}

/** A file as the queue keeps it: its purpose stands for the model, its name for the endpoint. */
export function fileEntry({ nowMs, purpose, name, payload, ...file }: NewFile): NewTask {
  return { ...file, ...atRest(nowMs), lane: 'file', model: purpose, endpoint: name, input: payload };
}
