import type { StepFacts } from '#contracts';

/** What a step may do beside changing what it gets. */
export interface StepContext extends StepFacts {
  /** The step's own, for as long as the request lives. */
  readonly state: Record<string, unknown>;
  /** Ends the request with this message for its caller. */
  refuse(message: string): never;
}

type Step = (value: unknown, context: StepContext) => unknown;

/** The functions of a user's modules; absent where a module does not export them. */
export interface StepFunctions {
  readonly pre: Step | undefined;
  readonly post: Step | undefined;
  readonly chunk: Step | undefined;
  readonly score: Step | undefined;
}

/** How a step says no. */
export class StepRefusal extends Error {}

/** What a step does wrong; for the log. */
export class StepFault extends Error {}

function isStep(value: unknown): value is Step {
  return typeof value === 'function';
}

async function load(url: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  if (url === undefined) return {};
  const loaded: unknown = await import(url);
  return typeof loaded === 'object' && loaded !== null ? { ...loaded } : {};
}

function exported(module: Readonly<Record<string, unknown>>, name: string): Step | undefined {
  const found = module[name];
  if (found === undefined) return undefined;
  if (!isStep(found)) throw new StepFault(`"${name}" must be a function.`);
  return found;
}

export interface ModuleUrls {
  readonly pre: string | undefined;
  readonly post: string | undefined;
  readonly score: string | undefined;
}

/** Loads the modules that a deployment names. Throws where one does not export what it is named for. */
export async function loadSteps(urls: ModuleUrls): Promise<StepFunctions> {
  const [before, after, judge] = await Promise.all([load(urls.pre), load(urls.post), load(urls.score)]);
  const steps = {
    pre: exported(before, 'pre'),
    post: exported(after, 'post'),
    chunk: exported(after, 'chunk'),
    score: exported(judge, 'score'),
  };
  if (urls.pre !== undefined && steps.pre === undefined)
    throw new StepFault(`${urls.pre} does not export "pre".`);
  if (urls.post !== undefined && steps.post === undefined && steps.chunk === undefined)
    throw new StepFault(`${urls.post} exports neither "post" nor "chunk".`);
  if (urls.score !== undefined && steps.score === undefined)
    throw new StepFault(`${urls.score} does not export "score".`);
  return steps;
}

export function createContext(facts: StepFacts): StepContext {
  return {
    ...facts,
    state: {},
    refuse(message) {
      throw new StepRefusal(message.slice(0, 1000));
    },
  };
}
