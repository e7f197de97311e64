import { z } from 'zod';

/** The part of JSON Schema that our zod schemas turn into. */
export interface JsonSchema {
  readonly type?: string | readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | JsonSchema | undefined;
  readonly items?: JsonSchema | undefined;
  readonly enum?: readonly (string | number)[] | undefined;
  readonly const?: string | number | boolean | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly default?: unknown;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly pattern?: string | undefined;
  readonly format?: string | undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Leaves out bounds that only say "a safe integer", and the names' schema of maps, which says nothing new. */
function tidied(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(tidied);
  if (!isRecord(node)) return node;
  const kept = Object.entries(node).filter(
    ([name, value]) =>
      !['propertyNames', '$schema'].includes(name) &&
      !(typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, tidied(value)]));
}

function isJsonSchema(value: unknown): value is JsonSchema {
  return isRecord(value);
}

/** The JSON Schema of a zod schema: `input` is what people send, `output` what they get. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const found = tidied(z.toJSONSchema(schema, { io }));
  return isJsonSchema(found) ? found : {};
}
