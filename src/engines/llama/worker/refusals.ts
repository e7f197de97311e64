import {
  problem,
  ProblemError,
  type ChatCompletionRequest,
  type ChatMessage,
  type CompletionRequest,
} from '#schema';

/** A field, and whether what it says can be left unsaid. */
type Rows = Readonly<Record<string, (value: unknown) => boolean>>;

const absent = (value: unknown): boolean => value === undefined || value === null;
const oneOf =
  (...neutral: readonly unknown[]) =>
  (value: unknown): boolean =>
    absent(value) || neutral.includes(value);
const none = (value: unknown): boolean => absent(value) || (Array.isArray(value) && value.length === 0);

const chatRows: Rows = {
  tools: none,
  tool_choice: oneOf('none', 'auto'),
  functions: none,
  function_call: oneOf('none', 'auto'),
  audio: absent,
  modalities: (value) => none(value) || (Array.isArray(value) && value.every((one) => one === 'text')),
  prediction: absent,
  reasoning_effort: oneOf('none'),
  verbosity: oneOf('medium'),
  web_search_options: absent,
  moderation: absent,
  store: oneOf(false),
  service_tier: oneOf('auto', 'default'),
};

const completionRows: Rows = { echo: oneOf(false), suffix: oneOf('') };

function unsupported(param: string, why: string): ProblemError {
  return new ProblemError(problem('unsupported_parameter', why, { param }));
}

function invalid(param: string, why: string): ProblemError {
  return new ProblemError(problem('invalid_request', why, { param }));
}

function refuseRows(request: Readonly<Record<string, unknown>>, rows: Rows): void {
  for (const [param, neutral] of Object.entries(rows)) {
    if (neutral(request[param])) continue;
    throw unsupported(param, `This engine cannot do what "${param}" asks. Leave it out.`);
  }
}

function refuseStreamOptions(request: Pick<CompletionRequest, 'stream' | 'stream_options'>): void {
  if (absent(request.stream_options)) return;
  if (request.stream !== true) throw invalid('stream_options', '"stream_options" needs "stream": true.');
  if (request.stream_options?.include_obfuscation === true)
    throw unsupported('stream_options.include_obfuscation', 'This engine cannot pad its chunks.');
}

/** Throws for the first thing in a request that cannot be done, by its name. */
export function refuseChat(request: ChatCompletionRequest): void {
  refuseRows(request, chatRows);
  refuseStreamOptions(request);
  if (typeof request.top_logprobs === 'number' && request.logprobs !== true)
    throw invalid('top_logprobs', '"top_logprobs" needs "logprobs": true.');
  for (const [index, message] of request.messages.entries()) refuseMessage(message, `messages[${index}]`);
}

function refuseMessage(message: ChatMessage, at: string): void {
  if (message.role === 'assistant') refuseRows(message, { audio: absent });
  if (message.role === 'assistant' && !none(message.tool_calls))
    throw unsupported(
      `${at}.tool_calls`,
      'This engine cannot call tools, so it has no use for calls made before.',
    );
  if (message.role === 'assistant' && !absent(message.function_call))
    throw unsupported(`${at}.function_call`, 'This engine cannot call functions.');
  if (!Array.isArray(message.content)) return;
  for (const [index, part] of message.content.entries()) {
    if (part.type !== 'text')
      throw unsupported(`${at}.content[${index}].type`, `This engine reads text only, not "${part.type}".`);
  }
}

export function refuseCompletion(request: CompletionRequest): void {
  refuseRows(request, completionRows);
  refuseStreamOptions(request);
  if (!absent(request.best_of) && request.best_of !== (request.n ?? 1))
    throw unsupported('best_of', 'This engine gives every answer it writes: "best_of" must be "n".');
}
