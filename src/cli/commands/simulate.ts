import { writeFileSync } from 'node:fs';
import {
  decisionLine,
  estimatesOf,
  htmlPage,
  reportRows,
  runScenario,
  type Decision,
  type NamedRuns,
  type Run,
} from '#sim';
import type { AddCommand } from '../add-command.ts';
import { called, type Context } from '../context.ts';
import { table } from '../format/table.ts';
import { UsageError } from '../failure.ts';
import { parseCount } from '../names.ts';
import { createProgress } from '../progress.ts';
import { checkWritable, createLineFile } from '../simulate/line-file.ts';
import { replayFile } from '../simulate/replay.ts';
import { parseSweep, readScenarios, type NamedScenario } from '../simulate/scenarios.ts';

interface Options {
  readonly file?: string;
  readonly replay?: string;
  readonly compare?: readonly string[];
  readonly sweep?: readonly string[];
  readonly seeds: string;
  readonly html?: string;
  readonly log?: string;
}

interface Plan {
  readonly scenarios: readonly NamedScenario[];
  readonly seeds: number;
  readonly onDecision: ((decision: Decision) => void) | undefined;
}

async function runAll(
  context: Context,
  { scenarios, seeds, onDecision }: Plan,
): Promise<readonly NamedRuns[]> {
  const progress = createProgress(context);
  const all = scenarios.length * seeds;
  const told: NamedRuns[] = [];
  let over = 0;
  try {
    for (const { name, scenario } of scenarios) {
      const runs: Run[] = [];
      const onProgress = (fraction: number): void => {
        progress.show({ label: 'simulating', fraction: (over + fraction) / all, detail: name });
      };
      for (let at = 0; at < seeds; at++) {
        runs.push(await runScenario(scenario, { seed: scenario.seed + at, onDecision, onProgress }));
        over += 1;
      }
      told.push({ name, runs });
    }
    return told;
  } finally {
    progress.end();
  }
}

function reportText(told: readonly NamedRuns[]): string {
  return table(['', ...told.map(({ name }) => name)], reportRows(told));
}

/** Where nobody came, when the first would have: a file's times are often not what a scenario takes them for. */
function warnOfNobody(context: Context, { name, runs }: NamedRuns): void {
  for (const { seed, summary, scenario, lateS } of runs) {
    if (summary.requests > 0) continue;
    const span = `between second ${scenario.warmupS} and ${scenario.durationS} (warmupS, durationS)`;
    const first = lateS === undefined ? '' : `; the next would come at second ${Math.floor(lateS)} (fromS)`;
    context.say(`${name}, seed ${seed}: nobody came ${span}${first}.`);
  }
}

function reportJson(told: readonly NamedRuns[]): unknown {
  return told.map(({ name, runs }) => ({
    name,
    runs: runs.map(({ seed, summary, timeline }) => ({ seed, summary, timeline })),
    ...(runs.length > 1 ? { estimates: estimatesOf(runs) } : {}),
  }));
}

/** What is told of every run is kept until the end. */
const seedsMax = 1000;

async function planOf(context: Context, options: Options): Promise<Omit<Plan, 'onDecision'>> {
  if (options.file === undefined)
    throw new UsageError('A scenario is needed: --file PATH, or --replay PATH.');
  const paths = [options.file, ...(options.compare ?? [])];
  const scenarios = await readScenarios(paths, (options.sweep ?? []).map(parseSweep), context.terminal);
  const seeds = parseCount(options.seeds, 'The number of seeds');
  if (seeds < 1) throw new UsageError('At least one seed is needed.');
  if (seeds > seedsMax) throw new UsageError(`That would be ${seeds} seeds; ${seedsMax} at most.`);
  if (options.log !== undefined && scenarios.length * seeds > 1)
    throw new UsageError('A decision log is of one run: leave out --compare, --sweep and --seeds.');
  return { scenarios, seeds };
}

/** Runs with a log of the decisions beside it, which is complete when this returns. */
async function runLogged(context: Context, plan: Omit<Plan, 'onDecision'>, path: string) {
  const log = createLineFile(path);
  const onDecision = (decision: Decision): void => {
    log.add(decisionLine(decision));
  };
  try {
    return await runAll(context, { ...plan, onDecision });
  } finally {
    log.close();
  }
}

/** A recording is told as it is: nothing of it can be varied, and its report is one sentence. */
function refuseBesideReplay({ file, compare, sweep, seeds, html, log }: Options): void {
  if (file !== undefined) throw new UsageError('Either --file or --replay, not both.');
  const given = Object.entries({ compare, sweep, html, log, seeds: seeds === '1' ? undefined : seeds })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `--${name}`);
  if (given.length > 0) throw new UsageError(`--replay goes without ${given.join(', ')}.`);
}

async function simulate(context: Context, options: Options): Promise<void> {
  if (options.replay !== undefined) {
    refuseBesideReplay(options);
    replayFile(context, options.replay);
    return;
  }
  const plan = await planOf(context, options);
  // What cannot be written is told before the work, not after it.
  if (options.html !== undefined) checkWritable(options.html);
  const told =
    options.log === undefined
      ? await runAll(context, { ...plan, onDecision: undefined })
      : await runLogged(context, plan, options.log);
  if (options.html !== undefined)
    writeFileSync(options.html, htmlPage(plan.scenarios[0]?.scenario.name ?? 'simulation', told));
  for (const one of told) warnOfNobody(context, one);
  context.result(reportJson(told), reportText(told));
}

export const simulateCommand: AddCommand = (program, terminal) => {
  program
    .command('simulate')
    .description('run a scenario on virtual time, through the code that runs live, and report how it went')
    .option('-f, --file <path>', 'the scenario, YAML or JSON; - reads what is piped in')
    .option('--compare <path...>', 'further scenarios, side by side')
    .option('--sweep <property=values...>', 'every combination of these values, as in replicas.min=2,4,8')
    .option('--seeds <count>', 'so many seeds each; figures with their 95 % interval', '1')
    .option('--html <path>', 'write a page with charts')
    .option('--replay <path>', 'instead: tell a recording of `up --record` again, and compare the decisions')
    .option('--log <path>', 'write every decision, one JSON object a line')
    .action(
      called(terminal, async (context, _args, command) => {
        await simulate(context, command.opts<Options>());
      }),
    );
};
