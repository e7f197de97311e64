import { z } from 'zod';
import { didYouMean } from './nearest.ts';

interface Explanation {
  /** Path of the field at fault: `spec.replicas.min`, `spec.scopes[0]`; empty for the whole value. */
  readonly param: string;
  /** A sentence that says what is wrong, and what was probably meant. */
  readonly message: string;
}

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** `spec.scopes[0]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path)
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`;
  return text;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field names that a schema allows at a path: its JSON Schema is walked, so every wrapper is already undone. */
function fieldsAt(schema: z.ZodType, path: Path): readonly string[] {
  let node: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (const part of path) {
    if (!isRecord(node)) return [];
    const { properties } = node;
    node = typeof part === 'number' ? node['items'] : isRecord(properties) ? properties[String(part)] : null;
  }
  return isRecord(node) && isRecord(node['properties']) ? Object.keys(node['properties']) : [];
}

const named: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  record: 'an object',
};

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const part of path) {
    if (Array.isArray(here)) here = here[Number(part)];
    else here = isRecord(here) ? here[String(part)] : undefined;
  }
  return here;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function invalidValue(issue: z.core.$ZodIssueInvalidValue, found: unknown): string {
  const allowed = issue.values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  if (found === undefined) return `is missing; it must be ${allowed.join(' or ')}`;
  const hint = typeof found === 'string' ? didYouMean(found, issue.values.map(String)) : '';
  return `must be ${allowed.join(' or ')}, not ${shown(found)}.${hint}`;
}

/** What the size of a value counts, where it is not the value itself. */
const units: Readonly<Record<string, string>> = { string: 'characters', array: 'elements' };

function wrongSize(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, found: unknown): string {
  const unit = units[issue.origin];
  if (issue.code === 'too_small') {
    if (unit === undefined) return `must be at least ${String(issue.minimum)}, not ${shown(found)}`;
    const isEmpty = Number(issue.minimum) === 1;
    return isEmpty ? 'must not be empty' : `is too short: at least ${String(issue.minimum)} ${unit}`;
  }
  if (unit === undefined) return `must be at most ${String(issue.maximum)}, not ${shown(found)}`;
  return `is too long: at most ${String(issue.maximum)} ${unit}`;
}

function wrongType(expected: string, found: unknown): string {
  return found === undefined ? 'is missing' : `must be ${named[expected] ?? expected}, not ${shown(found)}`;
}

function sentence(issue: Issue, input: unknown): string {
  const found = valueAt(input, issue.path);
  if (issue.code === 'invalid_value') return invalidValue(issue, found);
  if (issue.code === 'invalid_type') return wrongType(issue.expected, found);
  if (issue.code === 'too_small' || issue.code === 'too_big') return wrongSize(issue, found);
  if (issue.code === 'invalid_format') return `is ${shown(found)}: ${issue.message}`;
  return `is refused: ${issue.message}`;
}

function ended(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}

/** One helpful sentence for what a schema refuses, with the path of the field. `input` is what was parsed. */
export function explain(schema: z.ZodType, error: z.ZodError, input: unknown): Explanation {
  // A misspelt field is the likeliest cause of a missing one, so it is told first.
  const issue = error.issues.find((one) => one.code === 'unrecognized_keys') ?? error.issues[0];
  if (!issue) return { param: '', message: 'The value is refused.' };
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const param = pathText([...issue.path, key]);
    return {
      param,
      message: `"${param}" is not a known field.${didYouMean(key, fieldsAt(schema, issue.path))}`,
    };
  }
  const param = pathText(issue.path);
  const subject = param === '' ? 'The value' : `"${param}"`;
  return { param, message: ended(`${subject} ${sentence(issue, input)}`) };
}
