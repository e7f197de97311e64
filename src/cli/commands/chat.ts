import { createInterface, type Interface } from 'node:readline/promises';
import type { ChatMessage, ChatRequest } from '@millrace/sdk';
import { MillraceError } from '@millrace/sdk';
import type { AddCommand } from '../add-command.ts';
import { called, type Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { parseCount } from '../names.ts';
import { readAll } from '../terminal.ts';

interface Options {
  readonly message?: string;
  readonly system?: string;
  readonly maxTokens?: string;
  readonly temperature?: string;
}

type Settings = Omit<ChatRequest, 'messages'>;

function settingsOf(model: string, { maxTokens, temperature }: Options): Settings {
  const degree = temperature === undefined ? undefined : Number(temperature);
  if (Number.isNaN(degree)) throw new UsageError('--temperature must be a number.');
  return {
    model,
    ...(maxTokens !== undefined && { max_tokens: parseCount(maxTokens, '--max-tokens', 1) }),
    ...(degree !== undefined && { temperature: degree }),
  };
}

/** Streams one answer to the person; returns it whole, for the conversation to go on from. */
async function answer(context: Context, request: ChatRequest, signal?: AbortSignal): Promise<string> {
  let text = '';
  for await (const chunk of context.client().chatStream(request, { signal })) {
    const piece = chunk.choices[0]?.delta.content ?? '';
    text += piece;
    context.terminal.out.write(piece);
  }
  context.terminal.out.write('\n');
  return text;
}

async function oneShot(context: Context, request: ChatRequest): Promise<void> {
  if (context.options.json === true) context.result(await context.client().chat(request), '');
  else await answer(context, request);
}

/** What is refused or fails now may work with the next line; a model that nobody serves never does. */
function isPassing(fault: unknown): fault is MillraceError {
  return fault instanceof MillraceError && fault.code !== 'model_not_found';
}

/** One answer, which Ctrl-C ends without ending the conversation. */
async function interruptible(context: Context, request: ChatRequest, lines: Interface): Promise<string> {
  const leaving = new AbortController();
  const leave = (): void => {
    leaving.abort();
  };
  lines.on('SIGINT', leave);
  try {
    return await answer(context, request, leaving.signal);
  } catch (fault) {
    if (leaving.signal.aborted) context.say('\n(stopped)');
    else if (isPassing(fault)) context.say(`${fault.message} (${fault.code})`);
    else throw fault;
    return '';
  } finally {
    lines.off('SIGINT', leave);
  }
}

async function converse(
  context: Context,
  settings: Settings,
  opening: readonly ChatMessage[],
): Promise<void> {
  const { input, err } = context.terminal;
  const lines = createInterface({ input, output: err, prompt: '> ', terminal: true });
  const messages = [...opening];
  context.say(`You speak with ${settings.model}. Ctrl-C stops an answer, Ctrl-D ends.`);
  const end = (): void => {
    lines.close();
  };
  lines.on('SIGINT', end);
  lines.prompt();
  for await (const line of lines) {
    lines.off('SIGINT', end);
    if (line.trim() !== '') {
      messages.push({ role: 'user', content: line });
      const content = await interruptible(context, { ...settings, messages }, lines);
      if (content === '') messages.pop();
      else messages.push({ role: 'assistant', content });
    }
    lines.on('SIGINT', end);
    lines.prompt();
  }
}

export const chatCommand: AddCommand = (program, terminal) => {
  program
    .command('chat')
    .description('speak with a deployment; once with -m or what is piped in, else for as long as you like')
    .argument('<deployment>', 'its name, an alias, a model, or MODEL@VERSION')
    .option('-m, --message <text>', 'say this, print the answer and end')
    .option('--system <text>', 'what the model is told first')
    .option('--max-tokens <count>', 'the longest answer')
    .option('--temperature <number>', '0 for the likeliest words, more for variety')
    .action(
      called(terminal, async (context, [deployment = ''], command) => {
        const options = command.opts<Options>();
        const settings = settingsOf(deployment, options);
        const opening: ChatMessage[] = options.system ? [{ role: 'system', content: options.system }] : [];
        if (options.message === undefined && terminal.inputIsTerminal) {
          await converse(context, settings, opening);
          return;
        }
        const content = options.message ?? (await readAll(terminal.input));
        if (content.trim() === '') throw new UsageError('Say what to ask: with -m, or piped in.');
        await oneShot(context, { ...settings, messages: [...opening, { role: 'user', content }] });
      }),
    );
};
