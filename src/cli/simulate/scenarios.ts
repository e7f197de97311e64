import { dirname, isAbsolute, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { explain, scenarioSchema, type Scenario } from '#schema';
import { UsageError } from '../failure.ts';
import { inputName, inputText } from '../input-text.ts';
import type { Terminal } from '../terminal.ts';

export interface NamedScenario {
  readonly name: string;
  readonly scenario: Scenario;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readDocument(path: string, terminal: Terminal): Promise<unknown> {
  const document = parseDocument(await inputText(path, terminal), { prettyErrors: true });
  const [fault] = document.errors;
  if (fault) throw new UsageError(`${inputName(path)} is not YAML: ${fault.message.trim()}`);
  const value: unknown = document.toJS();
  return value;
}

/** Files of a scenario are named from where the scenario lies. */
function withPathsFrom(scenario: Scenario, folder: string): Scenario {
  const workloads = scenario.workloads.map((one) =>
    one.path === undefined || isAbsolute(one.path) ? one : { ...one, path: resolve(folder, one.path) },
  );
  return { ...scenario, workloads };
}

function parseScenario(value: unknown, path: string): Scenario {
  const parsed = scenarioSchema.safeParse(value);
  if (parsed.success) return withPathsFrom(parsed.data, path === '-' ? '.' : dirname(path));
  throw new UsageError(`${inputName(path)}: ${explain(scenarioSchema, parsed.error, value).message}`);
}

/** One property and the values it is to take. */
export interface Sweep {
  readonly property: string;
  readonly values: readonly unknown[];
}

/** `replicas.min=2,4,8`. */
export function parseSweep(text: string): Sweep {
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`A sweep looks like replicas.min=2,4,8; "${text}" does not.`);
  const values = text
    .slice(at + 1)
    .split(',')
    .map((word): unknown => parseDocument(word).toJS());
  return { property: text.slice(0, at), values };
}

/** A copy in which the property at the path has another value. */
function withProperty(value: unknown, path: readonly string[], changed: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return changed;
  if (Array.isArray(value) && value[Number(name)] === undefined)
    throw new UsageError(`A sweep names number ${name} of a list of ${value.length}, which begins with 0.`);
  if (Array.isArray(value))
    return value.map((one: unknown, at) => (at === Number(name) ? withProperty(one, rest, changed) : one));
  const record = isRecord(value) ? value : {};
  return { ...record, [name]: withProperty(record[name], rest, changed) };
}

interface Variant {
  readonly name: string;
  readonly value: unknown;
}

function vary(variants: readonly Variant[], { property, values }: Sweep): readonly Variant[] {
  return variants.flatMap((variant) =>
    values.map((value) => ({
      name: `${variant.name} ${property}=${String(value)}`.trim(),
      value: withProperty(variant.value, property.split('.'), value),
    })),
  );
}

/** More at once would be no table that anybody reads. */
const variantsMax = 64;

interface Document {
  readonly path: string;
  readonly value: unknown;
  readonly name: string;
}

/** What a column is called: the scenario's name, or its file where another one has that name too. */
function labelOf({ path, name }: Document, all: readonly Document[]): string {
  return all.some((other) => other.name === name && other.path !== path) ? path : name;
}

/** The scenarios in the files, each with every combination of what is swept. */
export async function readScenarios(
  paths: readonly string[],
  sweeps: readonly Sweep[],
  terminal: Terminal,
): Promise<readonly NamedScenario[]> {
  const documents: Document[] = [];
  for (const path of paths) {
    const value = await readDocument(path, terminal);
    documents.push({ path, value, name: parseScenario(value, path).name });
  }
  const found = documents.flatMap((document) => {
    const { path, value } = document;
    const label = labelOf(document, documents);
    const variants = sweeps.reduce(vary, [{ name: paths.length > 1 ? label : '', value }]);
    return variants.map((one) => ({ name: one.name || label, scenario: parseScenario(one.value, path) }));
  });
  if (found.length > variantsMax)
    throw new UsageError(`That would be ${found.length} scenarios; ${variantsMax} at most.`);
  return found;
}
