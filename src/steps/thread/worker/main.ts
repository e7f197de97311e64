import { MessagePort, workerData } from 'node:worker_threads';
import { createEventChanger } from './change-events.ts';
import type { StepAnswer, StepCall, StepForget, StepsLoaded } from './messages.ts';
import {
  createContext,
  loadSteps,
  StepRefusal,
  type ModuleUrls,
  type StepContext,
  type StepFunctions,
} from './modules.ts';
import { writeRequest } from './write-request.ts';

/** What is kept of one request between its calls. */
interface Held {
  readonly context: StepContext;
  changeEvents: ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined;
}

const held = new Map<number, Held>();

function parse(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body).toString('utf8'));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function pre(steps: StepFunctions, call: StepCall & { kind: 'pre' }): Promise<StepAnswer> {
  const context = createContext(call.facts);
  held.set(call.id, { context, changeEvents: undefined });
  if (steps.pre === undefined) return { kind: 'unchanged' };
  const request = parse(call.body);
  const made = (await steps.pre(request, context)) ?? request;
  if (!isRecord(made)) return { kind: 'failed', message: '"pre" must give back an object.' };
  return { kind: 'request', request: writeRequest(made) };
}

async function post(steps: StepFunctions, { context }: Held, body: Uint8Array): Promise<StepAnswer> {
  if (steps.post === undefined) return { kind: 'stream-only' };
  const response = parse(body);
  const made = (await steps.post(response, context)) ?? response;
  return { kind: 'bytes', bytes: Buffer.from(JSON.stringify(made)) };
}

async function chunk(steps: StepFunctions, one: Held, body: Uint8Array): Promise<StepAnswer> {
  if (steps.chunk === undefined) return { kind: 'whole-only' };
  one.changeEvents ??= createEventChanger(steps.chunk, one.context);
  return { kind: 'bytes', bytes: await one.changeEvents(body) };
}

/** An answer that the step could not change is refused before anything is computed for it: it must not slip through. */
function refusal(steps: StepFunctions, stream: boolean): StepAnswer | undefined {
  const changes = steps.post !== undefined || steps.chunk !== undefined;
  if (!changes || (stream ? steps.chunk : steps.post) !== undefined) return undefined;
  return { kind: stream ? 'whole-only' : 'stream-only' };
}

/** Judges one answer; nothing of it is kept afterwards. */
async function score(steps: StepFunctions, call: StepCall & { kind: 'score' }): Promise<StepAnswer> {
  const made = await steps.score?.(parse(call.body), createContext(call.facts));
  if (typeof made === 'number' && made >= 0 && made <= 1) return { kind: 'score', score: made };
  return { kind: 'failed', message: '"score" must give back a number from 0 to 1.' };
}

async function answer(steps: StepFunctions, call: StepCall): Promise<StepAnswer> {
  if (call.kind === 'pre') {
    const made = await pre(steps, call);
    return refusal(steps, made.kind === 'request' ? made.request.stream : call.facts.stream) ?? made;
  }
  if (call.kind === 'score') return score(steps, call);
  const one = held.get(call.id);
  if (one === undefined)
    return { kind: 'failed', message: 'The thread was replaced in the midst of the request.' };
  return call.kind === 'post' ? await post(steps, one, call.body) : await chunk(steps, one, call.body);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

async function answerSafely(steps: StepFunctions, call: StepCall): Promise<StepAnswer> {
  try {
    return await answer(steps, call);
  } catch (thrown) {
    if (thrown instanceof StepRefusal) return { kind: 'refused', message: thrown.message };
    return { kind: 'failed', message: messageOf(thrown) };
  }
}

/** The line to the platform, taken away from where users' modules could find it. */
function takeLine(given: unknown): MessagePort | undefined {
  const line = isRecord(given) ? given['line'] : undefined;
  if (!isRecord(given) || !(line instanceof MessagePort)) return undefined;
  Reflect.deleteProperty(given, 'line');
  return line;
}

const line = takeLine(workerData);

function tell(message: StepAnswer | StepsLoaded): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  line?.postMessage(message);
}

function moduleUrls(given: unknown): ModuleUrls {
  const named = isRecord(given) ? given : {};
  const urlOf = (name: string): string | undefined => {
    const url = named[name];
    return typeof url === 'string' ? url : undefined;
  };
  return { pre: urlOf('pre'), post: urlOf('post'), score: urlOf('score') };
}

async function run(): Promise<void> {
  const steps = await loadSteps(moduleUrls(workerData));
  line?.on('message', (call: StepCall | StepForget) => {
    if (call.kind === 'forget') held.delete(call.id);
    else void answerSafely(steps, call).then(tell);
  });
  tell({ kind: 'loaded' });
}

await run().catch((thrown: unknown) => {
  tell({ kind: 'unloadable', message: messageOf(thrown) });
});
