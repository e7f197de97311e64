import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { configSchema, explain, problem, type Config } from '#schema';
import type { Result } from '#contracts';
import { configLeaves, type Leaf } from './leaves.ts';
import { misspeltVariables } from './misspelt.ts';

export type Origin = 'default' | 'file' | 'environment' | 'flag';

export interface LoadedConfig {
  readonly config: Config;
  /** Where each property's value came from, by its path. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** The file that was read, if there was one. */
  readonly file: string | undefined;
  /** What was probably meant to change it, and does not. */
  readonly warnings: readonly string[];
}

export interface ConfigInput {
  /** By path, for example `{ 'listen': '…', 'limits.bodyBytes': '1024' }`; undefined values are left out. */
  readonly flags?: Readonly<Record<string, string | boolean | undefined>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Path of a configuration file; `millrace.yaml` in the working directory when absent, if it exists. */
  readonly file?: string | undefined;
}

interface Layer {
  readonly origin: Origin;
  readonly values: ReadonlyMap<string, unknown>;
}

const tree = z.record(z.string(), z.unknown());

function refuse(message: string): Result<never> {
  return { ok: false, problem: problem('invalid_config', message) };
}

function flatten(value: Readonly<Record<string, unknown>>, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([name, part]) => {
    const path = `${prefix}${name}`;
    const nested = tree.safeParse(part);
    return nested.success ? flatten(nested.data, `${path}.`) : [[path, part] satisfies [string, unknown]];
  });
}

function readText(path: string, optional: boolean): Result<string | undefined> {
  try {
    return { ok: true, value: readFileSync(path, 'utf8') };
  } catch (fault) {
    const missing = fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
    if (optional && missing) return { ok: true, value: undefined };
    return refuse(`Cannot read ${path}: ${fault instanceof Error ? fault.message : 'unreadable'}.`);
  }
}

interface FileLayer extends Layer {
  readonly file: string | undefined;
}

function fileLayer(file: string | undefined): Result<FileLayer> {
  const path = resolve(file ?? 'millrace.yaml');
  const text = readText(path, file === undefined);
  if (!text.ok) return text;
  const none = { origin: 'file', values: new Map<string, unknown>(), file: undefined } as const;
  if (text.value === undefined) return { ok: true, value: none };
  let value: unknown;
  try {
    value = parseYaml(text.value) ?? {};
  } catch (fault) {
    return refuse(`${path} is not YAML: ${fault instanceof Error ? fault.message : 'unreadable'}`);
  }
  const parsed = tree.safeParse(value);
  if (!parsed.success) return refuse(`${path} must hold a mapping of property names to values.`);
  return { ok: true, value: { origin: 'file', values: new Map(flatten(parsed.data)), file: path } };
}

/** `a,b`, or a list as YAML has it: `[{ topic: prompts }]`. */
function listFrom(text: string): unknown {
  if (!text.trim().startsWith('[')) return text.split(',').map((part) => part.trim());
  try {
    const value: unknown = parseYaml(text);
    return value;
  } catch {
    return text;
  }
}

/** What a text means where one is all there is. What makes no sense stays as it is, for the schema to refuse. */
function fromText(leaf: Leaf, text: string): unknown {
  if (leaf.type === 'list') return listFrom(text);
  if (leaf.type === 'number') return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (leaf.type === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
  return text;
}

function environmentLayer(env: Readonly<Record<string, string | undefined>>): Layer {
  const values = new Map<string, unknown>();
  for (const leaf of configLeaves) {
    const text = env[leaf.variable];
    if (text !== undefined && text !== '') values.set(leaf.path, fromText(leaf, text));
  }
  return { origin: 'environment', values };
}

function flagLayer(flags: Readonly<Record<string, string | boolean | undefined>>): Layer {
  const values = new Map<string, unknown>();
  for (const [path, value] of Object.entries(flags)) {
    const leaf = configLeaves.find((one) => one.path === path);
    if (value !== undefined)
      values.set(path, leaf === undefined || typeof value === 'boolean' ? value : fromText(leaf, value));
  }
  return { origin: 'flag', values };
}

/** The value with `part` at `path`, whatever else there is kept. */
function place(
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
  part: unknown,
): Record<string, unknown> {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return { ...value, [name]: part };
  return { ...value, [name]: place(tree.catch({}).parse(value[name]), rest, part) };
}

interface Merged {
  readonly value: Readonly<Record<string, unknown>>;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Puts flat paths back into a tree. Layers later in the list win. */
function merge(layers: readonly Layer[]): Merged {
  let value: Record<string, unknown> = {};
  const origins = new Map<string, Origin>();
  for (const { origin, values } of layers)
    for (const [path, part] of values) {
      value = place(value, path.split('.'), part);
      origins.set(path, origin);
    }
  return { value, origins };
}

const loopback = new Set(['localhost', '::1', '[::1]']);

/** Beyond loopback, keys and prompts would travel in the clear. */
function exposure({ listen, tls, insecure }: Config): string | undefined {
  const host = listen.slice(0, listen.lastIndexOf(':'));
  if (loopback.has(host) || host.startsWith('127.') || tls !== undefined || insecure) return undefined;
  return `Listening on ${host} without TLS would send keys and prompts in the clear. Set tls.cert and tls.key, or say --insecure if something in front of Millrace encrypts.`;
}

function deepFreeze(value: object): void {
  const parts: unknown[] = Object.values(value);
  for (const part of parts) if (typeof part === 'object' && part !== null) deepFreeze(part);
  Object.freeze(value);
}

function check({ value, origins }: Merged): Result<Config> {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const { param, message } = explain(configSchema, parsed.error, value);
    const origin = origins.get(param);
    return refuse(origin === undefined ? message : `${message} It comes from the ${origin}.`);
  }
  const config = { ...parsed.data, home: resolve(parsed.data.home) };
  const exposed = exposure(config);
  return exposed === undefined ? { ok: true, value: config } : refuse(exposed);
}

/** Merges file ← environment ← flags, checks the result against the one schema and freezes it. */
export function loadConfig(input: ConfigInput = {}): Result<LoadedConfig> {
  const fromFile = fileLayer(input.file);
  if (!fromFile.ok) return fromFile;
  const defaults: Layer = { origin: 'default', values: new Map([['home', join(homedir(), '.millrace')]]) };
  const { env = process.env, flags = {} } = input;
  const merged = merge([defaults, fromFile.value, environmentLayer(env), flagLayer(flags)]);
  const config = check(merged);
  if (!config.ok) return config;
  deepFreeze(config.value);
  const origins = configLeaves.map(({ path }) => [path, merged.origins.get(path) ?? 'default'] as const);
  const { file } = fromFile.value;
  const warnings = misspeltVariables(env, config.value);
  return { ok: true, value: { config: config.value, origins: Object.fromEntries(origins), file, warnings } };
}
