import type { AddCommand } from '../add-command.ts';
import { benchText } from '../bench/bench-text.ts';
import { measureDeployment } from '../bench/measure.ts';
import { called } from '../context.ts';
import { UsageError } from '../failure.ts';
import { getNamed, parseCount } from '../names.ts';

interface Options {
  readonly concurrency: string;
  readonly promptWords: string;
  readonly outputTokens: string;
  readonly rounds: string;
}

function parseConcurrency(text: string): readonly number[] {
  const counts = text.split(',').map((part) => parseCount(part.trim(), '--concurrency', 1));
  if (counts.some((count) => count > 1024)) throw new UsageError('--concurrency goes up to 1024.');
  return counts;
}

export const benchCommand: AddCommand = (program, terminal) => {
  program
    .command('bench')
    .description('measure a language model as its callers see it, and its engine for the simulator')
    .argument('<deployment>')
    .option('--concurrency <list>', 'requests at once, one number after the other', '1,2,4,8')
    .option('--prompt-words <count>', 'the length of prompts', '128')
    .option('--output-tokens <count>', 'the length of answers', '64')
    .option('--rounds <count>', 'how often each is tried', '5')
    .action(
      called(terminal, async (context, [name = ''], command) => {
        const options = command.opts<Options>();
        const plan = {
          model: name,
          concurrency: parseConcurrency(options.concurrency),
          promptWords: parseCount(options.promptWords, '--prompt-words', 1),
          outputTokens: parseCount(options.outputTokens, '--output-tokens', 2),
          rounds: parseCount(options.rounds, '--rounds', 1),
        };
        const client = context.client();
        await getNamed(client, 'Deployment', name);
        const say = (text: string): void => {
          context.say(text);
        };
        const benched = await measureDeployment(plan, { client, chance: Math.random, say });
        const { status } = await getNamed(client, 'Deployment', name);
        const replicas = status?.readyReplicas ?? 1;
        context.result({ ...benched, replicas }, benchText(benched, replicas));
      }),
    );
};
