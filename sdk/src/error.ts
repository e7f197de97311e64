import { problems } from './types.gen.ts';

/** Codes from the platform's problem table. */
export type ProblemCode = keyof typeof problems;

export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  readonly param?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

function isKnown(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

/** Everything that the platform refuses, and everything that keeps it from being reached. */
export class MillraceError extends Error {
  /** From the problem table: `model_not_found`, `version_conflict`, …; `unreachable` when no platform answered. */
  readonly code: string;
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  /** The field or parameter that is at fault. */
  readonly param: string | undefined;
  /** Find it in the platform's log. */
  readonly requestId: string | undefined;
  /** After how long trying again makes sense. */
  readonly retryAfterMs: number | undefined;
  /** Who can mend it. */
  readonly blame: 'caller' | 'platform' | 'model';
  /** Whether trying again can help. */
  readonly retry: 'never' | 'later' | 'now';

  constructor(facts: ErrorFacts) {
    super(facts.message);
    this.name = 'MillraceError';
    this.code = facts.code;
    this.status = facts.status;
    this.param = facts.param;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    const row = isKnown(facts.code) ? problems[facts.code] : undefined;
    this.blame = row?.blame ?? (facts.status >= 400 && facts.status < 500 ? 'caller' : 'platform');
    this.retry = row?.retry ?? (facts.status >= 500 ? 'later' : 'never');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

interface Envelope {
  readonly status: number;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** The error in `{"error": {…}}`, or a plain one when the answer is not of that shape (a proxy's page, say). */
export function errorIn(body: unknown, envelope: Envelope): MillraceError {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const retry = error['retry_after_ms'];
  return new MillraceError({
    code: text(error['code']) ?? (envelope.status >= 500 ? 'internal' : 'invalid_request'),
    message: text(error['message']) ?? `The server answered with status ${envelope.status}.`,
    status: envelope.status,
    param: text(error['param']),
    requestId: envelope.requestId,
    retryAfterMs: typeof retry === 'number' ? retry : envelope.retryAfterMs,
  });
}

/** True for what an event of a stream carries when the answer failed midway. */
export function isErrorBody(body: unknown): boolean {
  return isRecord(body) && isRecord(body['error']);
}
