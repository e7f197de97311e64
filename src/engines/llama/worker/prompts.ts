import { Template } from '@huggingface/jinja';
import type { LlamaModel, Token } from 'node-llama-cpp';
import { problem, ProblemError, type ChatMessage } from '#schema';
import type { Vocabulary } from './vocabulary.ts';

/** Turns what was asked into tokens. */
export interface Prompts {
  /** By the model's chat template. Only the template writes control tokens: in what people say they are plain text. */
  readonly chat: (messages: readonly ChatMessage[]) => Token[];
  /** Control tokens in the text count: whoever completes text writes the whole prompt. */
  readonly text: (text: string) => Token[];
  /** Nothing in it counts as a control token. */
  readonly content: (text: string) => Token[];
  /** `param` names where they are from. */
  readonly ids: (ids: readonly number[], param: string) => Token[];
}

/** `contextTokens`: what is certain not to fit is refused with `context_length_exceeded` before it is read. */
export function createPrompts(model: LlamaModel, vocabulary: Vocabulary, contextTokens: number): Prompts {
  const template = compileTemplate(model);
  const disarm = createDisarm(vocabulary.controlTexts);
  const names = { bos_token: model.tokens.bosString ?? '', eos_token: model.tokens.eosString ?? '' };
  const begun = (tokens: Token[]): Token[] => {
    const { bos, shouldPrependBosToken } = model.tokens;
    return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
  };
  const tokenize = (parts: readonly Part[]): Token[] => {
    const sizeBytes = parts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (sizeBytes > contextTokens * vocabulary.longestBytes)
      throw tooLong(sizeBytes, { contextTokens, longestBytes: vocabulary.longestBytes });
    return begun(parts.flatMap(({ text, control }) => model.tokenize(text, control)));
  };
  return {
    chat: (messages) => {
      const safe = disarm(messages.map(plainMessage));
      const rendered = render(template, { ...names, messages: safe.messages, add_generation_prompt: true });
      return tokenize(safe.parts(rendered));
    },
    text: (text) => tokenize([{ text, control: true }]),
    content: (text) => tokenize([{ text, control: false }]),
    ids: (ids, param) =>
      ids.map((id) => {
        if (vocabulary.isToken(id)) return id;
        const message = `Token ${id} is not in the vocabulary of ${vocabulary.size} tokens.`;
        throw new ProblemError(problem('invalid_request', message, { param }));
      }),
  };
}

/** Reading holds up every other answer: this can be told by the bytes alone. */
function tooLong(
  sizeBytes: number,
  { contextTokens, longestBytes }: { readonly contextTokens: number; readonly longestBytes: number },
): ProblemError {
  const message = `The context has ${contextTokens} tokens, but the prompt has ${sizeBytes} bytes, and no token stands for more than ${longestBytes}. Shorten it.`;
  return new ProblemError(problem('context_length_exceeded', message));
}

type Compiled = { readonly template: Template } | { readonly why: string };

function compileTemplate(model: LlamaModel): Compiled {
  const source = model.fileInfo.metadata.tokenizer.chat_template;
  if (source === undefined) return { why: 'it has no chat template' };
  try {
    return { template: new Template(source) };
  } catch (error) {
    return { why: `its chat template cannot be read: ${String(error)}` };
  }
}

function render(compiled: Compiled, values: Record<string, unknown>): string {
  if ('why' in compiled) {
    const message = `The model cannot chat: ${compiled.why}. Use /v1/completions.`;
    throw new ProblemError(problem('unsupported_endpoint', message));
  }
  try {
    return compiled.template.render(values);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The model's chat template refuses these messages: ${why}`;
    throw new ProblemError(problem('invalid_request', message, { param: 'messages' }));
  }
}

interface PlainMessage {
  readonly role: string;
  readonly content: string;
  readonly name?: string;
}

/** Parts joined; `developer`, a younger name, as the `system` that templates know. */
function plainMessage(message: ChatMessage): PlainMessage {
  const { content, name } = message;
  const text =
    typeof content === 'string'
      ? content
      : (content ?? []).map((part) => ('text' in part ? String(part.text) : '')).join('');
  const role = message.role === 'developer' ? 'system' : message.role;
  return { role, content: text, ...(typeof name === 'string' ? { name } : {}) };
}

interface Part {
  readonly text: string;
  /** Whether control tokens in it count. */
  readonly control: boolean;
}

interface Disarmed {
  readonly messages: readonly PlainMessage[];
  readonly parts: (rendered: string) => readonly Part[];
}

const open = '\u{F0000}';
const close = '\u{F0001}';

/**
 * Takes the spellings of control tokens out of messages before the template sees them, and puts them back as plain
 * text after it. Everything else stays as it was, so that templates that look into messages still can.
 */
function createDisarm(controlTexts: readonly string[]): (messages: readonly PlainMessage[]) => Disarmed {
  const dangerous = [open, close, ...controlTexts].toSorted((one, other) => other.length - one.length);
  const pattern = new RegExp(dangerous.map((text) => escaped(text)).join('|'), 'gu');
  const placeholder = new RegExp(`${open}(\\d+)${close}`, 'u');
  return (messages) => {
    const literals: string[] = [];
    const disarmed = (text: string): string =>
      text.replaceAll(pattern, (found) => `${open}${literals.push(found) - 1}${close}`);
    return {
      messages: messages.map((message) => ({
        ...message,
        content: disarmed(message.content),
        ...(message.name === undefined ? {} : { name: disarmed(message.name) }),
      })),
      // Splitting by a pattern with one group alternates between what lies outside and the group's text.
      parts: (rendered) =>
        rendered
          .split(placeholder)
          .map((text, index) =>
            index % 2 === 0
              ? { text, control: true }
              : { text: literals[Number(text)] ?? '', control: false },
          )
          .filter((part) => part.text !== ''),
    };
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}
