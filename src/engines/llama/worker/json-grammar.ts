import type { Result } from '#contracts';
import { problem, ProblemError, problemOf } from '#schema';

type Schema = Readonly<Record<string, unknown>>;

/** Says nothing about what fits. */
const notes = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
]);

/** What can be kept to, for each shape of a schema; everything else is refused by name. */
const kept = {
  ref: ['$ref'],
  anyOf: ['anyOf', 'oneOf'],
  literal: ['const', 'enum', 'type'],
  string: ['type', 'minLength', 'maxLength', 'format'],
  number: ['type'],
  integer: ['type'],
  boolean: ['type'],
  null: ['type'],
  array: ['type', 'items', 'minItems', 'maxItems'],
  object: ['type', 'properties', 'required', 'additionalProperties'],
} as const;

const depthMax = 64;
const rulesMax = 5000;
/** The engine writes out every repetition: a bound for one, and for all of them together. */
const repeatMax = 1999;
const repeatsMax = 20_000;

const fixedRules = `ws ::= [ ]?
value ::= object | array | string | number | boolean | null
object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? ws "}"
array ::= "[" ws (value ("," ws value)*)? ws "]"
string ::= "\\"" char* "\\""
char ::= [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})
integer ::= "-"? ("0" | [1-9] [0-9]{0,14})
number ::= integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?
boolean ::= "true" | "false"
null ::= "null"`;

const digits = (count: number): string => `[0-9]{${count}}`;
const date = `${digits(4)} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])`;
const time = `([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] "Z"`;
const hex = (count: number): string => `[0-9a-f]{${count}}`;

/** Formats whose every instance can be told by its characters alone; days end at 28, which every month has. */
const formats: Readonly<Record<string, string>> = {
  date,
  time,
  'date-time': `${date} "T" ${time}`,
  uuid: [hex(8), hex(4), hex(4), hex(4), hex(12)].join(' "-" '),
};

/**
 * The grammar (GBNF) of the JSON that fits a schema; refuses with `unsupported_parameter` and the path of what a
 * grammar cannot keep to. `true` is any JSON object.
 */
export function jsonGrammar(schema: unknown): Result<string> {
  try {
    const compiler = createCompiler(schema);
    const root = schema === true ? 'object' : compiler.rule(schema, [], 0);
    return { ok: true, value: [`root ::= ${root}`, ...compiler.rules(), fixedRules].join('\n') };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

type Path = readonly (string | number)[];

function refused(path: Path, why: string): ProblemError {
  const param = `response_format.json_schema.schema${path.map((part) => `.${part}`).join('')}`;
  return new ProblemError(
    problem('unsupported_parameter', `"${param}" ${why}, which this engine cannot keep to.`, { param }),
  );
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text as it stands in a grammar. */
function quoted(text: string): string {
  const inner = text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
  return `"${inner.replaceAll('\r', String.raw`\r`).replaceAll('\t', String.raw`\t`)}"`;
}

interface Compiler {
  /** An expression for what fits `schema`. */
  readonly rule: (schema: unknown, path: Path, depth: number) => string;
  readonly rules: () => readonly string[];
}

interface Tools extends Compiler {
  /** Gives an expression a name. */
  readonly named: (expression: string) => string;
  /** Takes the repetitions asked for at `path` out of what the whole grammar may have. */
  readonly charge: (repeats: number, path: Path) => void;
  /** The rule of the schema a reference points to; rules may go round in circles. */
  readonly referred: (reference: string, path: Path) => string;
}

function createCompiler(root: unknown): Compiler {
  const lines: string[] = [];
  const references = new Map<string, string>();
  let names = 0;
  let repeatsLeft = repeatsMax;
  const fresh = (): string => {
    names += 1;
    if (names > rulesMax) throw refused([], `needs more than ${rulesMax} rules`);
    return `r${names}`;
  };
  const tools: Tools = {
    rules: () => lines,
    rule: (schema, path, depth) => compile(tools, { schema, path, depth }),
    named: (expression) => {
      const name = fresh();
      lines.push(`${name} ::= ${expression}`);
      return name;
    },
    charge: (repeats, path) => {
      repeatsLeft -= repeats;
      if (repeatsLeft < 0) throw refused(path, `brings the repetitions of the schema above ${repeatsMax}`);
    },
    referred: (reference, path) => {
      const before = references.get(reference);
      if (before !== undefined) return before;
      const target = resolve(root, reference);
      if (target === undefined) throw refused(path, `refers to ${reference}`);
      const name = fresh();
      references.set(reference, name);
      lines.push(`${name} ::= ${tools.rule(target, path, 0)}`);
      return name;
    },
  };
  return tools;
}

function resolve(root: unknown, reference: string): unknown {
  if (reference === '#') return root;
  const [, kind = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference) ?? [];
  const shelf = isSchema(root) ? root[kind] : undefined;
  return isSchema(shelf) && Object.hasOwn(shelf, name) ? shelf[name] : undefined;
}

interface Place {
  readonly schema: unknown;
  readonly path: Path;
  readonly depth: number;
}

interface Shaped extends Place {
  readonly schema: Schema;
}

const shapes: Readonly<Record<keyof typeof kept, (tools: Tools, place: Shaped) => string>> = {
  ref: (tools, { schema, path }) => tools.referred(String(schema['$ref']), [...path, '$ref']),
  anyOf: alternatives,
  literal: literals,
  string: texts,
  number: () => 'number',
  integer: () => 'integer',
  boolean: () => 'boolean',
  null: () => 'null',
  array: lists,
  object: objects,
};

function compile(tools: Tools, place: Place): string {
  const { schema, path, depth } = place;
  if (depth > depthMax) throw refused(path, `is nested deeper than ${depthMax} levels`);
  if (schema === true || (isSchema(schema) && Object.keys(schema).every((key) => notes.has(key))))
    return 'value';
  if (!isSchema(schema)) throw refused(path, 'is not a schema');
  const { type } = schema;
  if (Array.isArray(type) && schema['enum'] === undefined)
    return group(type.map((one) => compile(tools, { ...place, schema: narrowed(schema, String(one)) })));
  return shapes[checkedShape(schema, path)](tools, { schema, path, depth });
}

/** The shape of a schema that asks for nothing beyond what is kept to. */
function checkedShape(schema: Schema, path: Path): Shape {
  const shape = shapeOf(schema);
  const { type } = schema;
  if (shape === undefined)
    throw refused([...path, 'type'], type === undefined ? 'is missing' : `is ${JSON.stringify(type)}`);
  const allowed: readonly string[] = kept[shape];
  const alien = Object.keys(schema).find((key) => !allowed.includes(key) && !notes.has(key));
  if (alien !== undefined) throw refused([...path, alien], 'is a restriction');
  return shape;
}

/** One of several types, with only the restrictions that concern it. */
function narrowed(schema: Schema, type: string): Schema {
  const own: readonly string[] = isShape(type) ? kept[type] : [];
  const others = new Set(Object.values(kept).flat().map(String));
  const entries = Object.entries(schema).filter(([key]) => own.includes(key) || !others.has(key));
  return { ...Object.fromEntries(entries), type };
}

function isShape(name: string): name is Shape {
  return Object.hasOwn(kept, name);
}

type Shape = keyof typeof kept;

/** Keys that tell the shape whatever the type, and those that tell it where no type is given. */
const telling: readonly (readonly [key: string, shape: Shape])[] = [
  ['$ref', 'ref'],
  ['anyOf', 'anyOf'],
  ['oneOf', 'anyOf'],
  ['const', 'literal'],
  ['enum', 'literal'],
];
const implying: readonly (readonly [key: string, shape: Shape])[] = [
  ['properties', 'object'],
  ['items', 'array'],
];

function shapeOf(schema: Schema): Shape | undefined {
  const told = telling.find(([key]) => schema[key] !== undefined);
  if (told !== undefined) return told[1];
  const { type } = schema;
  if (type === undefined) return implying.find(([key]) => schema[key] !== undefined)?.[1];
  const isType = typeof type === 'string' && !telling.some(([, shape]) => shape === type);
  return isType && isShape(type) ? type : undefined;
}

function group(expressions: readonly string[]): string {
  return `(${expressions.join(' | ')})`;
}

function alternatives(tools: Tools, { schema, path, depth }: Shaped): string {
  const key = schema['anyOf'] === undefined ? 'oneOf' : 'anyOf';
  const options = schema[key];
  if (!Array.isArray(options) || options.length === 0)
    throw refused([...path, key], 'is not a list of schemas');
  return group(options.map((option, index) => tools.rule(option, [...path, key, index], depth + 1)));
}

function literals(_: Tools, { schema, path }: Shaped): string {
  const values: unknown = schema['enum'] ?? [schema['const']];
  if (!Array.isArray(values) || values.length === 0)
    throw refused([...path, 'enum'], 'is not a list of values');
  return group(values.map((value) => quoted(JSON.stringify(value))));
}

function texts(tools: Tools, { schema, path }: Shaped): string {
  const { format } = schema;
  if (format !== undefined) {
    const known = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined;
    if (known === undefined) throw refused([...path, 'format'], `is ${JSON.stringify(format)}`);
    return tools.named(`"\\"" ${known} "\\""`);
  }
  if (schema['minLength'] === undefined && schema['maxLength'] === undefined) return 'string';
  return tools.named(
    `"\\"" char${repetition(tools, { schema, path, keys: ['minLength', 'maxLength'] })} "\\""`,
  );
}

interface Repeated {
  readonly schema: Schema;
  readonly path: Path;
  readonly keys: readonly [min: string, max: string];
  /** Already written before the repetition. */
  readonly written?: number;
}

function repetition(tools: Tools, { schema, path, keys: [minKey, maxKey], written = 0 }: Repeated): string {
  const limit = (key: string): number | undefined => {
    const value = schema[key];
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > repeatMax)
      throw refused([...path, key], `is not a whole number up to ${repeatMax}`);
    return Math.max(0, value - written);
  };
  const min = limit(minKey) ?? 0;
  const max = limit(maxKey);
  if (max !== undefined && max < min) throw refused([...path, maxKey], `is less than ${minKey}`);
  tools.charge(max ?? min, [...path, max === undefined ? minKey : maxKey]);
  return `{${min},${max ?? ''}}`;
}

function lists(tools: Tools, { schema, path, depth }: Shaped): string {
  const { items = true, minItems, maxItems } = schema;
  if (maxItems === 0) return '"[]"';
  const item = tools.rule(items, [...path, 'items'], depth + 1);
  const more = repetition(tools, { schema, path, keys: ['minItems', 'maxItems'], written: 1 });
  const filled = `${item} ("," ws ${item})${more}`;
  const inner = typeof minItems === 'number' && minItems > 0 ? filled : `(${filled})?`;
  return tools.named(`"[" ws ${inner} ws "]"`);
}

function objects(tools: Tools, { schema, path, depth }: Shaped): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (!isSchema(properties)) throw refused([...path, 'properties'], 'is not an object');
  if (!Array.isArray(required)) throw refused([...path, 'required'], 'is not a list');
  const names: readonly unknown[] = required;
  const missing = names.find((name) => !Object.hasOwn(properties, String(name)));
  if (missing !== undefined)
    throw refused([...path, 'required'], `asks for ${JSON.stringify(missing)}, which has no schema`);
  const members = Object.entries(properties).map(([name, value]) => ({
    text: `${quoted(JSON.stringify(name))} ":" ws ${tools.rule(value, [...path, 'properties', name], depth + 1)}`,
    required: names.includes(name),
  }));
  if (members.length > 0) return tools.named(`"{" ws ${sequence(tools, members)} ws "}"`);
  // Names that are free are allowed only where none are fixed: a grammar cannot tell them apart.
  if (additionalProperties === false) return '"{}"';
  const value = tools.rule(additionalProperties ?? true, [...path, 'additionalProperties'], depth + 1);
  return tools.named(`"{" ws (string ":" ws ${value} ("," ws string ":" ws ${value})*)? ws "}"`);
}

interface Member {
  readonly text: string;
  readonly required: boolean;
}

/** Members in their order; whether a comma comes first depends on whether one was written before. */
function sequence(tools: Tools, members: readonly Member[]): string {
  let afterNone = '""';
  let afterSome = '""';
  for (const { text, required } of members.toReversed()) {
    const none = tools.named(required ? `${text} ${afterSome}` : `${text} ${afterSome} | ${afterNone}`);
    const some = tools.named(
      required ? `"," ws ${text} ${afterSome}` : `"," ws ${text} ${afterSome} | ${afterSome}`,
    );
    afterNone = none;
    afterSome = some;
  }
  return afterNone;
}
