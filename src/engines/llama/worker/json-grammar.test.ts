import { describe, expect, it } from 'vitest';
import { jsonGrammar } from './json-grammar.ts';

function grammarOf(schema: unknown): string {
  const made = jsonGrammar(schema);
  return made.ok ? made.value : `refused: ${made.problem.param}`;
}

function refusedAt(schema: unknown): string | undefined {
  const made = jsonGrammar(schema);
  return made.ok ? undefined : made.problem.param;
}

const at = 'response_format.json_schema.schema';

describe('a schema becomes a grammar', () => {
  it('with a rule for each part', () => {
    const grammar = grammarOf({
      type: 'object',
      properties: { name: { type: 'string' }, size: { enum: ['s', 'l'] } },
      required: ['name', 'size'],
    });
    expect(grammar).toContain(String.raw`("\"s\"" | "\"l\"")`);
    expect(grammar).toContain(String.raw`"\"name\"" ":" ws string`);
    expect(grammar.startsWith('root ::= r')).toBe(true);
  });

  it('also when it refers to itself', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
        },
      },
    };
    expect(grammarOf(tree)).toContain('root ::= r1');
  });

  it('or is refused with the path of what cannot be kept to', () => {
    expect(refusedAt({ type: 'object', properties: { age: { type: 'integer', minimum: 0 } } })).toBe(
      `${at}.properties.age.minimum`,
    );
    expect(refusedAt({ type: 'string', pattern: '^a' })).toBe(`${at}.pattern`);
    expect(refusedAt({ type: 'string', format: 'email' })).toBe(`${at}.format`);
    expect(refusedAt({ allOf: [{ type: 'string' }] })).toBe(`${at}.type`);
    expect(refusedAt({ type: 'array', items: { not: {} } })).toBe(`${at}.items.type`);
    expect(refusedAt({ $ref: '#/$defs/absent' })).toBe(`${at}.$ref`);
    expect(refusedAt({ type: 'array', minItems: 3, maxItems: 2 })).toBe(`${at}.maxItems`);
    expect(refusedAt(false)).toBe(at);
  });

  it('and is bounded, however deep it is', () => {
    let deep: unknown = { type: 'string' };
    for (let level = 0; level < 100; level += 1) deep = { type: 'array', items: deep };
    expect(refusedAt(deep)).toContain(`${at}.items`);
  });

  it('and is bounded, however often things repeat', () => {
    expect(refusedAt({ type: 'string', maxLength: 2000 })).toBe(`${at}.maxLength`);
    expect(refusedAt({ type: 'string', minLength: 2000 })).toBe(`${at}.minLength`);
    expect(grammarOf({ type: 'string', maxLength: 1999 })).toContain('char{0,1999}');
    const names = Array.from({ length: 11 }, (_, index) => `p${index}`);
    const long = { type: 'string', maxLength: 1999 };
    const many = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, long])) };
    expect(refusedAt(many)).toBe(`${at}.properties.p10.maxLength`);
    const atLeast = { type: 'array', items: { type: 'null' }, minItems: 1999 };
    expect(refusedAt({ anyOf: names.map(() => atLeast) })).toBe(`${at}.anyOf.10.minItems`);
  });
});
