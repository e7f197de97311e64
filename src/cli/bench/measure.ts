import type { Millrace } from '@millrace/sdk';
import { askTimed, tokenMsOf, type Timed } from './ask-timed.ts';
import { fitEngine, type FittedEngine, type Point } from './fit-engine.ts';
import { quantile } from './quantile.ts';
import { randomWords } from './random-words.ts';

export interface BenchPlan {
  readonly model: string;
  /** Requests at once, each number tried by itself. */
  readonly concurrency: readonly number[];
  readonly promptWords: number;
  readonly outputTokens: number;
  /** How often each is tried. */
  readonly rounds: number;
}

interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** What callers see with so many requests at once; times in milliseconds. */
export interface Level {
  readonly concurrency: number;
  readonly requests: number;
  readonly firstTokenMs: Spread;
  /** For each token after the first. */
  readonly tokenMs: Spread;
  readonly totalMs: Spread;
  readonly requestsPerS: number;
  readonly outputTokensPerS: number;
}

export interface Benched {
  readonly levels: readonly Level[];
  readonly engine: FittedEngine;
}

export interface BenchDeps {
  readonly client: Millrace;
  /** A number in [0, 1): prompts differ from run to run. */
  readonly chance: () => number;
  /** Told before each level. */
  readonly say: (text: string) => void;
}

function promptOf(count: number, chance: () => number): string {
  return `Go on with a long story about: ${randomWords(count, chance)}`;
}

/** Alone and with answers of two tokens: nothing but the length of the prompt makes a difference. */
async function measureReading(plan: BenchPlan, { client, chance }: BenchDeps): Promise<readonly Point[]> {
  const lengths = [0.125, 0.5, 1].map((share) => Math.max(1, Math.round(plan.promptWords * share)));
  const points: Point[] = [];
  for (let round = 0; round < plan.rounds; round++)
    for (const count of lengths) {
      const prompt = promptOf(count, chance);
      const timed = await askTimed(client, { model: plan.model, prompt, outputTokensMax: 2 });
      if (timed.firstMs !== undefined) points.push([timed.promptTokens, timed.firstMs]);
    }
  return points;
}

function told(values: readonly (number | undefined)[]): Spread {
  const known = values.filter((value) => value !== undefined);
  return { p50: quantile(known, 0.5), p99: quantile(known, 0.99) };
}

function levelOf(concurrency: number, answers: readonly Timed[], tookMs: number): Level {
  const outputTokens = answers.reduce((sum, answer) => sum + answer.outputTokens, 0);
  return {
    concurrency,
    requests: answers.length,
    firstTokenMs: told(answers.map(({ firstMs }) => firstMs)),
    tokenMs: told(answers.map(tokenMsOf)),
    totalMs: told(answers.map(({ totalMs }) => totalMs)),
    requestsPerS: (1000 * answers.length) / tookMs,
    outputTokensPerS: (1000 * outputTokens) / tookMs,
  };
}

interface Together {
  readonly concurrency: number;
  readonly promptWords: number;
}

/** So many callers that begin together. */
function askTogether(
  { model, outputTokens }: BenchPlan,
  { concurrency, promptWords }: Together,
  { client, chance }: BenchDeps,
): Promise<readonly Timed[]> {
  const prompts = Array.from({ length: concurrency }, () => promptOf(promptWords, chance));
  return Promise.all(
    prompts.map((prompt) => askTimed(client, { model, prompt, outputTokensMax: outputTokens })),
  );
}

/** As often as there are rounds: each waits for its slowest. */
async function measureLevel(plan: BenchPlan, concurrency: number, deps: BenchDeps): Promise<Level> {
  const { promptWords } = plan;
  const answers: Timed[] = [];
  const beganMs = performance.now();
  for (let round = 0; round < plan.rounds; round++)
    answers.push(...(await askTogether(plan, { concurrency, promptWords }, deps)));
  return levelOf(concurrency, answers, performance.now() - beganMs);
}

/** With prompts that are short: nobody reads while the others write. */
async function measureWriting(plan: BenchPlan, deps: BenchDeps): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (let round = 0; round < plan.rounds; round++)
    for (const concurrency of plan.concurrency) {
      const answers = await askTogether(plan, { concurrency, promptWords: 1 }, deps);
      const tokenMs = told(answers.map(tokenMsOf)).p50;
      if (!Number.isNaN(tokenMs)) points.push([concurrency, tokenMs]);
    }
  return points;
}

/** Asks a deployment through its front door, alone and with others, and fits what a step of its engine costs. */
export async function measureDeployment(plan: BenchPlan, deps: BenchDeps): Promise<Benched> {
  deps.say(`Asking ${plan.model} once, so that it is loaded and warm …`);
  const { model } = plan;
  await askTimed(deps.client, { model, prompt: promptOf(plan.promptWords, deps.chance), outputTokensMax: 2 });
  deps.say('Prompts of three lengths, one at a time …');
  const reading = await measureReading(plan, deps);
  deps.say('Short prompts, several at a time …');
  const writing = await measureWriting(plan, deps);
  const levels: Level[] = [];
  for (const concurrency of plan.concurrency) {
    deps.say(`${concurrency} at once …`);
    levels.push(await measureLevel(plan, concurrency, deps));
  }
  return { levels, engine: fitEngine({ reading, writing }) };
}
