import { problem, ProblemError } from '#schema';

/** The last id of the page before. What is no id would silently be the first page again, or none. */
export function cursorIn(query: URLSearchParams, prefix: string): string | undefined {
  const text = query.get('after') ?? undefined;
  if (text === undefined || (text.startsWith(prefix) && /^[0-9a-f]+(_\d+)?$/.test(text.slice(prefix.length))))
    return text;
  const message = `"after" must be the last id of the page before, ${prefix}…, not "${text}".`;
  throw new ProblemError(problem('invalid_request', message, { param: 'after' }));
}
