import type { EndpointPath } from '#schema';

/** What an answer says, as far as it can be compared with others. */
export interface AnswerRead {
  /** All that was written, of all choices. */
  readonly text: string;
  /** Nothing was written, or the model says that it will not. */
  readonly isEmpty: boolean;
  /** Events of a stream that brought something: about its tokens. */
  readonly pieces: number;
  /** Mean of the tokens' log probabilities, where they were asked for. */
  readonly meanLogProbability: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

interface Gathered {
  text: string;
  /** Calls of tools, and the like: an answer without text that is not empty. */
  other: boolean;
  refused: boolean;
  pieces: number;
  logSum: number;
  logCount: number;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function gatherLogs(gathered: Gathered, logs: readonly unknown[]): void {
  for (const log of logs) {
    if (typeof log !== 'number') continue;
    gathered.logSum += log;
    gathered.logCount += 1;
  }
}

/** A whole choice, or what a chunk adds to one: the chat's and the completion's alike. */
function gatherChoice(gathered: Gathered, value: unknown): void {
  const choice = fieldsOf(value);
  const message = fieldsOf(choice['message'] ?? choice['delta']);
  const said = message['content'] ?? choice['text'];
  if (typeof said === 'string' && said !== '') {
    gathered.text += said;
    gathered.pieces += 1;
  }
  gathered.other ||= listOf(message['tool_calls']).length > 0;
  gathered.refused ||= typeof message['refusal'] === 'string' || choice['finish_reason'] === 'content_filter';
  const logs = fieldsOf(choice['logprobs']);
  gatherLogs(gathered, [
    ...listOf(logs['content']).map((token) => fieldsOf(token)['logprob']),
    ...listOf(logs['token_logprobs']),
  ]);
}

function gatherJson(gathered: Gathered, json: string): void {
  for (const choice of listOf(fieldsOf(JSON.parse(json))['choices'])) gatherChoice(gathered, choice);
}

function gatherEvents(gathered: Gathered, text: string): void {
  for (const line of text.split('\n')) {
    const payload = line.startsWith('data:') ? line.slice('data:'.length).trim() : '';
    if (payload.startsWith('{')) gatherJson(gathered, payload);
  }
}

const readable: ReadonlySet<EndpointPath> = new Set(['/v1/chat/completions', '/v1/completions']);

/** Reads a whole answer that was written in OpenAI's dialect; undefined of any other. */
export function readAnswer(bytes: Uint8Array, endpoint: EndpointPath): AnswerRead | undefined {
  if (!readable.has(endpoint)) return undefined;
  const gathered = { text: '', other: false, refused: false, pieces: 0, logSum: 0, logCount: 0 };
  const text = new TextDecoder().decode(bytes);
  try {
    if (text.startsWith('{')) gatherJson(gathered, text);
    else gatherEvents(gathered, text);
  } catch {
    return undefined;
  }
  const { logSum, logCount, pieces, refused, other } = gathered;
  return {
    text: gathered.text,
    isEmpty: refused || (!other && gathered.text.trim() === ''),
    pieces,
    meanLogProbability: logCount === 0 ? undefined : logSum / logCount,
  };
}
