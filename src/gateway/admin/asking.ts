import type { Actor, Result } from '#contracts';
import { didYouMean, kindNamed, kindNames, kinds, problem, type Problem, type ResourceKind } from '#schema';
import { missingScope, type Exchange } from '../http/exchange.ts';

const reasonLengthMax = 1024;

/** Who asks, and why, for the audit log: `?reason=`, or the header `x-reason`. */
export function actorOf(exchange: Exchange, reasonInBody?: string): Result<Actor> {
  const header = exchange.request.headers['x-reason'];
  const reason = reasonInBody ?? exchange.query.get('reason') ?? (Array.isArray(header) ? header[0] : header);
  if (reason !== undefined && reason.length > reasonLengthMax)
    return {
      ok: false,
      problem: problem('invalid_request', `"reason" may have at most ${reasonLengthMax} characters.`, {
        param: 'reason',
      }),
    };
  const { key, tenant } = exchange.identity;
  return { ok: true, value: { name: key, tenant, ...(reason ? { reason } : {}) } };
}

/** The kind behind the plural in an address. */
export function kindInPath(plural: string): Result<ResourceKind> {
  const kind = kindNames.find((one) => kinds[one].plural === plural);
  if (kind !== undefined) return { ok: true, value: kind };
  const near = kindNamed(plural);
  const plurals = kindNames.map((one) => kinds[one].plural);
  const hint = near === undefined ? didYouMean(plural, plurals) : ` Did you mean "${kinds[near].plural}"?`;
  return { ok: false, problem: problem('not_found', `There is nothing under /api/v1/${plural}.${hint}`) };
}

/** Keys and tenants are the administrator's. */
export function kindRefused(exchange: Exchange, kind: ResourceKind): Problem | undefined {
  return kind === 'Key' || kind === 'Tenant' ? missingScope(exchange.identity, 'admin') : undefined;
}

/** A whole number in the query, within bounds; `fallback` when it is absent. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  bounds: { readonly min: number; readonly max: number; readonly fallback: number },
): Result<number> {
  const text = query.get(name);
  if (text === null) return { ok: true, value: bounds.fallback };
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= bounds.min && value <= bounds.max) return { ok: true, value };
  const message = `"${name}" must be a whole number from ${bounds.min} to ${bounds.max}, not "${text}".`;
  return { ok: false, problem: problem('invalid_request', message, { param: name }) };
}

const dryRunWords: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  All: true,
  false: false,
  '0': false,
};

/** `?dryRun=`: a word that is not understood is refused, because taking it for "no" would change things. */
export function parseDryRun(query: URLSearchParams): Result<boolean> {
  const words = query.getAll('dryRun');
  const stray = words.find((word) => !Object.hasOwn(dryRunWords, word));
  if (stray === undefined) return { ok: true, value: words.some((word) => dryRunWords[word]) };
  const message = `"dryRun" must be true or false, not "${stray}".`;
  return { ok: false, problem: problem('invalid_request', message, { param: 'dryRun' }) };
}

/** The version in `If-Match`; '' for "must not exist" (`If-None-Match: *`). */
export function expectedVersionOf(exchange: Exchange): string | undefined {
  const { headers } = exchange.request;
  if (headers['if-none-match'] === '*') return '';
  const match = headers['if-match'];
  return match === undefined || match === '*' ? undefined : match.replace(/^(?:W\/)?"?|"$/g, '');
}
