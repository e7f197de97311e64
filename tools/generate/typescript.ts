import type { JsonSchema } from './json-schema.ts';

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '* /')} */\n`;
}

function objectType(schema: JsonSchema, indent: string): string {
  const { properties, additionalProperties } = schema;
  if (properties === undefined) {
    const values =
      typeof additionalProperties === 'object' ? typeOf(additionalProperties, indent) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  const deeper = `${indent}  `;
  const lines = Object.entries(properties).map(([name, property]) => {
    const required = schema.required?.includes(name) === true;
    const type = typeOf(property, deeper);
    const field = required ? `${name}: ${type}` : `${name}?: ${type} | undefined`;
    return `${comment(property.description, deeper)}${deeper}readonly ${field};\n`;
  });
  return lines.length === 0 ? 'Readonly<Record<string, never>>' : `{\n${lines.join('')}${indent}}`;
}

function literalType(schema: JsonSchema): string | undefined {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  return schema.enum?.map((value) => JSON.stringify(value)).join(' | ');
}

const plain = new Map([
  ['string', 'string'],
  ['boolean', 'boolean'],
  ['null', 'null'],
  ['number', 'number'],
  ['integer', 'number'],
]);

function namedType(type: string, schema: JsonSchema, indent: string): string {
  if (type === 'array') return `ReadonlyArray<${typeOf(schema.items ?? {}, indent)}>`;
  return type === 'object' ? objectType(schema, indent) : (plain.get(type) ?? 'unknown');
}

/** The TypeScript type of a JSON Schema, as text. */
export function typeOf(schema: JsonSchema, indent = ''): string {
  const literal = literalType(schema);
  if (literal !== undefined) return literal;
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one, indent)).join(' | ');
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['unknown']);
  return types.map((type) => namedType(type, schema, indent)).join(' | ');
}
