import { LineCounter, parseAllDocuments } from 'yaml';
import type { ResourceInputs } from '@millrace/sdk';
import { kindNamed } from '#schema';
import { UsageError } from './failure.ts';
import { inputName, inputText } from './input-text.ts';
import type { Terminal } from './terminal.ts';

type ResourceInput = ResourceInputs[keyof ResourceInputs];

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only the outermost shape: whether the rest is right is the platform's to say, and it says it better. */
function isResource(value: unknown): value is ResourceInput {
  return isRecord(value) && typeof value['kind'] === 'string';
}

function parseText(text: string, name: string): readonly unknown[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: true });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [fault] = document.errors;
    if (fault) throw new UsageError(`${name} is not YAML: ${fault.message.trim()}`);
    const value: unknown = document.toJS();
    return value;
  });
}

/** The resources in a document: one, a list, or what `get -o yaml` has printed. */
function resourcesIn(value: unknown, name: string): readonly ResourceInput[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => resourcesIn(one, name));
  if (isRecord(value) && Array.isArray(value['items'])) return resourcesIn(value['items'], name);
  if (isResource(value)) return [value];
  throw new UsageError(`${name} holds something that is no resource: it has no "kind".`);
}

/** Resources from YAML or JSON files; `-` is what was piped in. */
export async function readManifests(
  paths: readonly string[],
  terminal: Terminal,
): Promise<readonly ResourceInput[]> {
  const found: ResourceInput[] = [];
  for (const path of paths) {
    const text = await inputText(path, terminal);
    const name = inputName(path);
    for (const value of parseText(text, name)) found.push(...resourcesIn(value, name));
  }
  if (found.length === 0)
    throw new UsageError(`There are no resources in ${paths.map(inputName).join(', ')}.`);
  return found;
}

/** `deployment/chat`. */
export function resourceLabel(kind: string, name: string): string {
  return `${(kindNamed(kind) ?? kind).toLowerCase()}/${name}`;
}
