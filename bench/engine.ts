/**
 * What the gateway takes from the embedded engine: streamed tokens per second through it, beside the same replica
 * asked directly at its own socket, in turns.
 *
 *     npm run bench:engine -- [--rounds 6] [--seconds 2] [--model models/demo/demo-q8_0.gguf]
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chat, gatewayTarget, replicaTarget, type Target } from './engine/client.ts';
import { median } from './harness/median.ts';
import { resourcesOf, startPlatform } from './harness/platform.ts';
import { printResult, printTable } from './harness/result.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '2' },
    model: { type: 'string', default: 'models/demo/demo-q8_0.gguf' },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const modelPath = resolve(options.model);
const batches = [1, 8] as const;

const prompts = [
  'Tell me a story about a mill by the river.',
  'Write a story about a dog.',
  'Tell me about the sea.',
  'Write a letter to an old friend.',
].map((content) =>
  JSON.stringify({
    model: 'bench',
    messages: [{ role: 'user', content }],
    temperature: 0,
    max_tokens: 96,
    stream: true,
    stream_options: { include_usage: true },
  }),
);

/** Tokens per second of `batch` clients that each ask again as soon as they have their answer. */
async function tokensPerSecond(target: Target, batch: number): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let tokens = 0;
  const client = async (first: number): Promise<void> => {
    for (let turn = first; performance.now() < end; turn += 1) {
      const answered = await chat(target, prompts[turn % prompts.length] ?? '');
      tokens += answered;
    }
  };
  await Promise.all(Array.from({ length: batch }, (_, first) => client(first)));
  return tokens / ((performance.now() - start) / 1000);
}

interface Turn {
  readonly gateway: number;
  readonly replica: number;
}

/** Both one after the other; who is first changes, so that a machine that slows down favours neither. */
async function takeTurns(
  gateway: Target,
  replica: Target,
  plan: { batch: number; round: number },
): Promise<Turn> {
  const speeds = { gateway: 0, replica: 0 };
  const order = plan.round % 2 === 0 ? (['gateway', 'replica'] as const) : (['replica', 'gateway'] as const);
  for (const side of order)
    speeds[side] = await tokensPerSecond(side === 'gateway' ? gateway : replica, plan.batch);
  return speeds;
}

function summarise(turns: ReadonlyMap<number, readonly Turn[]>): void {
  const figures = [...turns].map(([batch, list]) => ({
    batch,
    gateway: median(list.map((turn) => turn.gateway)),
    replica: median(list.map((turn) => turn.replica)),
    ratio: median(list.map((turn) => turn.gateway / turn.replica)),
  }));
  printTable([
    ['at once', 'tokens/s through the gateway', 'tokens/s at the replica', 'ratio'],
    ...figures.map(({ batch, gateway, replica, ratio }) => [
      String(batch),
      gateway.toFixed(0),
      replica.toFixed(0),
      ratio.toFixed(3),
    ]),
  ]);
  printResult(
    Object.fromEntries(
      figures.flatMap(({ batch, gateway, replica, ratio }) => [
        [`batch${batch}_ratio`, ratio],
        [`batch${batch}_tokens_per_s`, gateway],
        [`batch${batch}_replica_tokens_per_s`, replica],
      ]),
    ),
  );
}

if (!existsSync(modelPath)) {
  console.error(`There is no model at ${modelPath}; name one with --model.`);
  process.exit(1);
}
const platform = await startPlatform();
const engine = { name: 'llama', options: { sequences: Math.max(...batches) } };
await platform.apply(resourcesOf({ name: 'bench', source: `file:${modelPath}`, engine }));
const { status } = await platform.ready('bench');
const most = Math.max(...batches);
const gateway = gatewayTarget(platform.port, platform.key, most);
const replica = replicaTarget(status?.endpoint ?? '', most);
const turns = new Map<number, Turn[]>(batches.map((batch) => [batch, []]));
for (const batch of batches) await takeTurns(gateway, replica, { batch, round: 0 });
for (let round = 0; round < rounds; round += 1)
  for (const batch of batches) turns.get(batch)?.push(await takeTurns(gateway, replica, { batch, round }));
await platform.stop();
summarise(turns);
process.exit(0);
