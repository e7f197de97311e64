import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { parseCount } from '../names.ts';
import { readAll } from '../terminal.ts';

interface Options {
  readonly maxLength?: string;
  readonly temperature?: string;
}

function numberOf(text: string | undefined, what: string): number | undefined {
  const value = text === undefined ? undefined : Number(text);
  if (Number.isNaN(value)) throw new UsageError(`${what} must be a number.`);
  return value;
}

export const inferCommand: AddCommand = (program, terminal) => {
  program
    .command('infer')
    .description('ask a deployment once, through /v1/inference; --json shows confidence, usage and timing')
    .argument('<deployment>')
    .argument('[text]', 'else what is piped in')
    .option('--max-length <tokens>', 'the longest answer')
    .option('--temperature <number>', '0 for the likeliest words, more for variety')
    .action(
      called(terminal, async (context, [model = '', text], command) => {
        const options = command.opts<Options>();
        const { maxLength } = options;
        const temperature = numberOf(options.temperature, '--temperature');
        if (text === undefined && terminal.inputIsTerminal) throw new UsageError('Say what to ask.');
        const answer = await context.client().infer({
          model,
          input_text: text ?? (await readAll(terminal.input)),
          ...(maxLength !== undefined && { max_length: parseCount(maxLength, '--max-length', 1) }),
          ...(temperature !== undefined && { temperature }),
        });
        const texts = answer.predictions.map((one) =>
          'text' in one ? one.text : JSON.stringify(one.embedding),
        );
        context.result(answer, texts.join('\n'));
      }),
    );
};
