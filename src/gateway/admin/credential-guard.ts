import { problem, type Deployment, type Problem, type Release, type Resource } from '#schema';
import { missingScope, type Identity } from '../http/exchange.ts';
import type { Wanted } from './prepare.ts';

/** Options by which an engine is told where a secret of the platform lies. */
const secretOptions = ['apiKeyEnv', 'apiKeyFile'] as const;

/** Sources that reach what only the platform may: its own files, and whatever is near it on the network. */
const innerSource = /^(?:file|http):/i;

type EngineSpec = Deployment['spec']['engine'];

/** What a resource has replicas run by; a release may name another engine than its deployment. */
function engineOf(resource: Resource | undefined): EngineSpec | undefined {
  const isRun = resource?.kind === 'Deployment' || resource?.kind === 'Release';
  return isRun ? resource.spec.engine : undefined;
}

/** Who gets which secret. */
function secretUse({ name, options, urls }: EngineSpec): string {
  const parts = [name, options['url'], urls, ...secretOptions.map((option) => options[option])];
  return JSON.stringify(parts.map((part) => part ?? null));
}

function changedSecret(wanted: Resource, stored: Resource | undefined): string | undefined {
  const engine = engineOf(wanted);
  const option = engine && secretOptions.find((name) => engine.options[name] !== undefined);
  if (engine === undefined || option === undefined) return undefined;
  const before = engineOf(stored);
  const isSame = before !== undefined && secretUse(before) === secretUse(engine);
  return isSame ? undefined : `spec.engine.options.${option}`;
}

const stepModules = ['pre', 'post'] as const;

function changedStep(wanted: Deployment, stored: Resource | undefined): string | undefined {
  const before = stored?.kind === 'Deployment' ? stored.spec.steps : undefined;
  const { steps } = wanted.spec;
  const changed = stepModules.find((name) => steps?.[name] !== undefined && steps[name] !== before?.[name]);
  return changed && `spec.steps.${changed}`;
}

function changedScorer({ spec }: Release, stored: Resource | undefined): string | undefined {
  const before = stored?.kind === 'Release' ? stored.spec.scorer?.module : undefined;
  return spec.scorer === undefined || spec.scorer.module === before ? undefined : 'spec.scorer.module';
}

type Reach = { readonly param: string; readonly why: string } | undefined;

function changedCode(wanted: Resource, stored: Resource | undefined): string | undefined {
  if (wanted.kind === 'Release') return changedScorer(wanted, stored);
  return wanted.kind === 'Deployment' ? changedStep(wanted, stored) : undefined;
}

function needsAdmin(wanted: Resource, stored: Resource | undefined): Reach {
  const secret = changedSecret(wanted, stored);
  if (secret !== undefined) return { param: secret, why: 'It sends a secret of the platform to "url".' };
  const code = changedCode(wanted, stored);
  if (code !== undefined) return { param: code, why: 'It runs code inside the platform.' };
  if (wanted.kind !== 'ModelVersion' || !innerSource.test(wanted.spec.source)) return undefined;
  const known = stored?.kind === 'ModelVersion' && stored.spec.source === wanted.spec.source;
  const why = 'It makes the platform read a file of its own machine or an address near it.';
  return known ? undefined : { param: 'spec.source', why };
}

function refusal(identity: Identity, wanted: Resource, stored: Resource | undefined): Problem | undefined {
  const reach = needsAdmin(wanted, stored);
  if (reach === undefined) return undefined;
  const lacking = missingScope(identity, 'admin');
  if (lacking === undefined) return undefined;
  const { param, why } = reach;
  return problem('forbidden', `${lacking.message} "${param}" needs it: ${why}`, { param });
}

/**
 * Lets only an administrator's key give out what the platform can read and the caller cannot: its secrets, its files
 * and its network. What is stored already may stay when something else changes.
 */
export function guardCredentials(identity: Identity, wanted: readonly Wanted[]): readonly Wanted[] {
  return wanted.map((one) => ({
    ...one,
    make: (stored) => {
      const made = one.make(stored);
      const refused = made.ok ? refusal(identity, made.value, stored) : undefined;
      return refused === undefined ? made : { ok: false, problem: refused };
    },
  }));
}
