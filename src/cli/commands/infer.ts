import type { TensorRequest } from '@millrace/sdk';
import { explain, tensorRequest } from '#schema';
import type { AddCommand } from '../add-command.ts';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { inputText } from '../input-text.ts';
import { parseCount } from '../names.ts';
import { readAll, type Terminal } from '../terminal.ts';

interface Options {
  readonly maxLength?: string;
  readonly temperature?: string;
  readonly inputs?: string;
}

function numberOf(text: string | undefined, what: string): number | undefined {
  const value = text === undefined ? undefined : Number(text);
  if (Number.isNaN(value)) throw new UsageError(`${what} must be a number.`);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw new UsageError(`--inputs is no JSON: ${fault instanceof Error ? fault.message : String(fault)}.`);
  }
}

async function readTensors(given: string, terminal: Terminal): Promise<TensorRequest['inputs']> {
  const value = parsed(given.startsWith('@') ? await inputText(given.slice(1), terminal) : given);
  const schema = tensorRequest.shape.inputs;
  const inputs = schema.safeParse(value);
  if (inputs.success) return inputs.data;
  throw new UsageError(`--inputs is no list of tensors. ${explain(schema, inputs.error, value).message}`);
}

export const inferCommand: AddCommand = (program, terminal) => {
  program
    .command('infer')
    .description('ask a deployment once, through /v1/inference; --json shows confidence, usage and timing')
    .argument('<deployment>')
    .argument('[text]', 'else what is piped in')
    .option('--max-length <tokens>', 'the longest answer')
    .option('--temperature <number>', '0 for the likeliest words, more for variety')
    .option('--inputs <json>', 'tensors instead of a text: [{"name", "shape", "datatype", "data"}], or @FILE')
    .action(
      called(terminal, async (context, [model = '', text], command) => {
        const options = command.opts<Options>();
        const { maxLength, inputs } = options;
        if (inputs !== undefined) {
          const tensors = await readTensors(inputs, terminal);
          const computed = await context.client().inferTensors({ model, inputs: tensors });
          context.result(computed, computed.outputs.map((output) => JSON.stringify(output)).join('\n'));
          return;
        }
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
