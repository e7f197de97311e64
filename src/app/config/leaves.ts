import { z } from 'zod';
import { configSchema } from '#schema';

/** One property of the configuration. */
export interface Leaf {
  /** For example `limits.bodyBytes`. */
  readonly path: string;
  readonly type: 'string' | 'number' | 'boolean' | 'list';
  /** For example `MILLRACE_LIMITS_BODY_BYTES`. */
  readonly variable: string;
}

const node = z.object({
  type: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

/** What the types of JSON Schema are to us. */
const types: ReadonlyMap<string, Leaf['type']> = new Map([
  ['boolean', 'boolean'],
  ['integer', 'number'],
  ['number', 'number'],
  ['array', 'list'],
]);

function toVariable(path: string): string {
  const words = path.replaceAll('.', '_').replaceAll(/([a-z])([A-Z])/g, '$1_$2');
  return `MILLRACE_${words.toUpperCase()}`;
}

function walk(schema: unknown, path: string): readonly Leaf[] {
  const { type, properties } = node.parse(schema);
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([name, part]) =>
      walk(part, path === '' ? name : `${path}.${name}`),
    );
  return [{ path, type: types.get(type ?? '') ?? 'string', variable: toVariable(path) }];
}

/** Every property, from the one schema there is. */
export const configLeaves: readonly Leaf[] = walk(z.toJSONSchema(configSchema, { io: 'input' }), '');
