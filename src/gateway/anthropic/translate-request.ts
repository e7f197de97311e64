import type { ChatCompletionRequest, CountTokensRequest, MessagesRequest } from '#schema';
import { translateMessages } from './translate-messages.ts';
import { unsupported } from './unsupported.ts';

/** `top_k` is an extension that many engines have; those without it refuse it. */
export type TranslatedRequest = ChatCompletionRequest & { readonly top_k?: number | undefined };

const withoutCounterpart = [
  'context_management',
  'mcp_servers',
  'speed',
  'container',
  'inference_geo',
] as const satisfies readonly (keyof MessagesRequest)[];

function refuse(request: CountTokensRequest & Partial<MessagesRequest>): void {
  for (const param of withoutCounterpart) {
    const value = request[param];
    if (value !== undefined && value !== null)
      throw unsupported(param, `"${param}" is not supported. Leave it out.`);
  }
  if (request.thinking !== undefined && request.thinking.type !== 'disabled')
    throw unsupported('thinking', 'Thinking blocks are not supported. Leave "thinking" out.');
  if (request.cache_control?.ttl === '1h')
    throw unsupported(
      'cache_control.ttl',
      'Nothing is promised to stay cached for an hour. Leave "ttl" out.',
    );
  if (request.output_config?.effort === 'max')
    throw unsupported('output_config.effort', 'The engines know the efforts up to "xhigh".');
}

type Tool = NonNullable<MessagesRequest['tools']>[number];

function translateTool(tool: Tool, index: number): object {
  if (typeof tool.type === 'string' && tool.type !== 'custom')
    throw unsupported(`tools[${index}].type`, `Tools of type "${tool.type}" run elsewhere. Send your own.`);
  const { name, description, input_schema: parameters, strict } = tool;
  return { type: 'function', function: { name, description, parameters, strict } };
}

function translateChoice(choice: NonNullable<MessagesRequest['tool_choice']>): unknown {
  if (choice.type === 'tool') return { type: 'function', function: { name: choice.name } };
  return choice.type === 'any' ? 'required' : choice.type;
}

function translateTools({
  tools,
  tool_choice: choice,
}: Pick<MessagesRequest, 'tools' | 'tool_choice'>): Partial<ChatCompletionRequest> {
  const single =
    choice !== undefined && choice.type !== 'none' ? choice.disable_parallel_tool_use : undefined;
  return {
    tools: tools?.map(translateTool),
    tool_choice: choice === undefined ? undefined : translateChoice(choice),
    parallel_tool_calls: single === undefined ? undefined : !single,
  };
}

function translateOutput(config: MessagesRequest['output_config']): Partial<ChatCompletionRequest> {
  const schema = config?.format?.schema;
  return {
    reasoning_effort: config?.effort ?? undefined,
    response_format:
      schema === undefined
        ? undefined
        : { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
  };
}

/** What a request and a count of its tokens have in common. */
function translatePrompt(request: CountTokensRequest): TranslatedRequest {
  return {
    model: request.model,
    messages: translateMessages(request),
    ...translateTools(request),
    ...translateOutput(request.output_config),
  };
}

/** The request in OpenAI's dialect. Throws, by name, for what that dialect cannot say. */
export function translateRequest(request: MessagesRequest): TranslatedRequest {
  refuse(request);
  const { stream, service_tier: tier } = request;
  return {
    ...translatePrompt(request),
    max_tokens: request.max_tokens,
    temperature: request.temperature,
    top_p: request.top_p,
    top_k: request.top_k,
    stop: request.stop_sequences?.length === 0 ? undefined : request.stop_sequences,
    user: request.metadata?.user_id ?? undefined,
    service_tier: tier === 'standard_only' ? 'default' : tier,
    ...(stream === true ? { stream, stream_options: { include_usage: true } } : {}),
  };
}

/** Engines count what they read: one token of an answer is the least that can be asked for. */
export function translateCount(request: CountTokensRequest): TranslatedRequest {
  refuse(request);
  return { ...translatePrompt(request), max_tokens: 1 };
}
