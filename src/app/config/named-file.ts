import { readFileSync } from 'node:fs';
import { problem, ProblemError } from '#schema';

/** The text of a file that a property of the configuration names. */
export function namedFile(property: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    const message = `The file of \`${property}\` cannot be read: ${why}.`;
    throw new ProblemError(problem('invalid_config', message, { param: property }));
  }
}
