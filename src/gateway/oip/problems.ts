import type { ServerResponse } from 'node:http';
import { problems, type Problem } from '#schema';
import { sendProblem, type ShowProblem } from '../http/exchange.ts';

/** The shape of the Open Inference Protocol's errors. */
export const showOipProblem: ShowProblem = ({ code, message }) => ({
  status: problems[code].status,
  body: { error: message },
});

export function sendOipProblem(response: ServerResponse, cause: Problem): void {
  sendProblem(response, cause, showOipProblem);
}
