/** OpenAI's dialect as Millrace accepts it. */
export * from './answer.ts';
export { chatCompletionRequest, type ChatCompletionRequest } from './chat.ts';
export { completionRequest, type CompletionRequest } from './completion.ts';
export { embeddingRequest, type EmbeddingRequest } from './embedding.ts';
export type { ChatMessage } from './messages.ts';
