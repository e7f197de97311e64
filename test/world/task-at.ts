import type { NewTask } from '#schema';

const minuteMs = 60_000;

/** A request as a queue is handed it at that moment; `given` is what matters to the test. */
export function taskAt(nowMs: number, given: Partial<NewTask> & Pick<NewTask, 'id'>): NewTask {
  return {
    lane: 'request',
    tenant: 'default',
    key: 'app',
    model: 'demo',
    endpoint: '/v1/chat/completions',
    priority: 'standard',
    stride: 1,
    dueAtMs: nowMs,
    expiresAtMs: nowMs + minuteMs,
    keepMs: minuteMs,
    attemptsMax: 3,
    input: { kind: 'inline', bytes: new Uint8Array(0) },
    ...given,
  };
}
