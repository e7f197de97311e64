import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explain } from './explain.ts';
import { resourceSchemas } from './resource.ts';

function explained(input: unknown): { param: string; message: string } | undefined {
  const schema = resourceSchemas.Deployment;
  const parsed = schema.safeParse(input);
  return parsed.success ? undefined : explain(schema, parsed.error, input);
}

function deployment(spec: object): object {
  return { kind: 'Deployment', metadata: { name: 'chat' }, spec: { model: 'demo', version: '1', ...spec } };
}

describe('explain', () => {
  it('names the field and what was probably meant, before what is missing because of it', () => {
    expect(explained({ ...deployment({}), sepc: {} })?.message).toBe(
      '"sepc" is not a known field. Did you mean "spec"?',
    );
    const misspelt = { kind: 'Deployment', metadata: { name: 'a' }, spec: { modle: 'demo', version: '1' } };
    expect(explained(misspelt)).toEqual({
      param: 'spec.modle',
      message: '"spec.modle" is not a known field. Did you mean "model"?',
    });
    expect(explained(deployment({ replicas: { mni: 1 } }))?.message).toContain('Did you mean "min"?');
  });

  it('says what it should have been in words', () => {
    const messages = [
      deployment({ replicas: { min: 'two' } }),
      deployment({ replicas: { min: 1.5 } }),
      deployment({ replicas: { min: -1 } }),
      deployment({ replicas: { min: 5000 } }),
      deployment({ model: 'Demo' }),
      deployment({ version: undefined }),
      null,
    ].map((input) => explained(input)?.message);
    expect(messages).toEqual([
      '"spec.replicas.min" must be a number, not "two".',
      '"spec.replicas.min" must be a whole number, not 1.5.',
      '"spec.replicas.min" must be at least 0, not -1.',
      '"spec.replicas.min" must be at most 1000, not 5000.',
      '"spec.model" is "Demo": use lower-case letters, digits, "-" and ".".',
      '"spec.version" is missing.',
      'The value must be an object, not null.',
    ]);
  });

  it('says how long a text or a list may be', () => {
    const schema = z.strictObject({
      name: z.string().min(2).max(3),
      rows: z.array(z.number()).min(1).max(2),
    });
    const of = (input: object) => {
      const { error } = schema.safeParse(input);
      return error && explain(schema, error, input).message;
    };
    expect(of({ name: 'a', rows: [1] })).toBe('"name" is too short: at least 2 characters.');
    expect(of({ name: 'abcd', rows: [1] })).toBe('"name" is too long: at most 3 characters.');
    expect(of({ name: 'abc', rows: [] })).toBe('"rows" must not be empty.');
    expect(of({ name: 'abc', rows: [1, 2, 3] })).toBe('"rows" is too long: at most 2 elements.');
  });

  it('walks into lists', () => {
    const schema = z.strictObject({ rows: z.array(z.strictObject({ colour: z.enum(['red', 'blue']) })) });
    const input = { rows: [{ colour: 'red' }, { colour: 'bleu' }] };
    const { error } = schema.safeParse(input);
    expect(error && explain(schema, error, input)).toEqual({
      param: 'rows[1].colour',
      message: '"rows[1].colour" must be "red" or "blue", not "bleu". Did you mean "blue"?',
    });
    const stray = { rows: [{ color: 'red' }] };
    const refused = schema.safeParse(stray).error;
    expect(refused && explain(schema, refused, stray).message).toContain('Did you mean "colour"?');
  });
});
