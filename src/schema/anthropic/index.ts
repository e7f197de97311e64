/** Anthropic's wire as Millrace accepts it. */
export { messagesResponse, type MessagesResponse } from './answer.ts';
export type { ImageBlock, TextBlock, ToolResultBlock } from './blocks.ts';
export {
  countTokensRequest,
  messagesRequest,
  type CountTokensRequest,
  type MessagesRequest,
} from './messages.ts';
