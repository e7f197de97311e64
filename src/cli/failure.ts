import { CommanderError } from 'commander';
import { MillraceError } from '@millrace/sdk';
import { problem, problemBody, problemOf, ProblemError, type Problem } from '#schema';

/** The command line makes no sense: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** 0 done, 1 failed, 2 usage, 3 refused by the server. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Failure {
  readonly exitCode: ExitCode;
  /** `{"error": {…}}`, as the HTTP API has it. */
  readonly body: object;
  /** For people; empty when it has been said already. */
  readonly text: string;
}

/** The server speaks of headers; whoever types a command gives a key in another way. */
const keyAdvice =
  'Pass --key or set MILLRACE_KEY: the key of a home directory is sent only to the platform that runs on it.';

/** Node trusts what the system's own list does not name only where it is told to. */
const trustAdvice = 'Where it is your own, name its file in NODE_EXTRA_CA_CERTS.';

function advised({ code, message }: MillraceError): string {
  if (code === 'missing_key') return `${message} ${keyAdvice}`;
  return code === 'unreachable' && message.includes('certificate') ? `${message} ${trustAdvice}` : message;
}

function fromServer(fault: MillraceError): Failure {
  const refused = fault.status > 0 && fault.blame === 'caller';
  const { code, param, requestId, retryAfterMs } = fault;
  const message = advised(fault);
  return {
    exitCode: refused ? 3 : 1,
    body: { error: { code, message, param, request_id: requestId, retry_after_ms: retryAfterMs } },
    text: `${message} (${code}${requestId === undefined ? '' : `, request ${requestId}`})`,
  };
}

function fromProblem(cause: Problem): Failure {
  return { exitCode: 1, body: problemBody(cause), text: `${cause.message} (${cause.code})` };
}

function fromCommander(fault: CommanderError): Failure {
  const message = fault.message.replace(/^error: /, '');
  // Commander has written its own text; help and version are no failures at all.
  return {
    exitCode: fault.exitCode === 0 ? 0 : 2,
    body: problemBody(problem('invalid_request', message)),
    text: '',
  };
}

/** What a fault means to whoever ran the command. */
export function failureOf(fault: unknown): Failure {
  if (fault instanceof CommanderError) return fromCommander(fault);
  if (fault instanceof UsageError) {
    const body = problemBody(problem('invalid_request', fault.message));
    return { exitCode: 2, body, text: fault.message };
  }
  if (fault instanceof MillraceError) return fromServer(fault);
  if (fault instanceof ProblemError) return fromProblem(fault.problem);
  const message = fault instanceof Error ? fault.message : String(fault);
  return { exitCode: 1, body: problemBody(problemOf(fault)), text: message };
}
