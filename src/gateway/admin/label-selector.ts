import type { Result } from '#contracts';
import { problem, type Resource } from '#schema';

/** Labels that must have these values, all of them. */
export type LabelSelector = ReadonlyMap<string, string>;

/** `a=b,c=d`; nothing selects everything. */
export function parseLabelSelector(text: string | null): Result<LabelSelector> {
  const wanted = new Map<string, string>();
  for (const part of text === null || text === '' ? [] : text.split(',')) {
    const [, name, value] = /^([^=]+)==?(.*)$/.exec(part.trim()) ?? [];
    if (name === undefined || value === undefined) {
      const message = `"labelSelector" must look like "a=b,c=d", not "${text}".`;
      return { ok: false, problem: problem('invalid_request', message, { param: 'labelSelector' }) };
    }
    wanted.set(name, value);
  }
  return { ok: true, value: wanted };
}

export function matchesLabels(selector: LabelSelector, resource: Resource): boolean {
  const labels = new Map(Object.entries(resource.metadata.labels ?? {}));
  return [...selector].every(([name, value]) => labels.get(name) === value);
}
