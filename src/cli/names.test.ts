import { describe, expect, it } from 'vitest';
import { parseAssignments, parseCount, parseKindWord, parseModelReference } from './names.ts';

describe('words on the command line', () => {
  it('name kinds in any form', () => {
    for (const word of ['deployment', 'deployments', 'Deployment', 'DEPLOYMENTS'])
      expect(parseKindWord(word)).toBe('Deployment');
    expect(parseKindWord('model-version')).toBe('ModelVersion');
    expect(() => parseKindWord('modle')).toThrow(/Did you mean "model"/);
  });

  it('name models with and without a version', () => {
    expect(parseModelReference('demo')).toEqual({ model: 'demo', version: undefined });
    expect(parseModelReference('demo@1.2')).toEqual({ model: 'demo', version: '1.2' });
    for (const wrong of ['@1', 'demo@', 'a@b@c', ''])
      expect(() => parseModelReference(wrong)).toThrow(/MODEL/);
    for (const wrong of ['Demo', 'demo@ü', 'a b'])
      expect(() => parseModelReference(wrong)).toThrow(/use lower-case letters/);
  });

  it('assign numbers, switches and texts', () => {
    expect(parseAssignments(['a=1', 'b=true', 'c=x=y', 'd=', 'e=0.5', 'f="12"'])).toEqual({
      a: 1,
      b: true,
      c: 'x=y',
      d: '',
      e: 0.5,
      f: '12',
    });
    expect(() => parseAssignments(['=1'])).toThrow(/name=value/);
  });

  it('count', () => {
    expect(parseCount('3', 'It')).toBe(3);
    for (const wrong of ['-1', '1.5', 'x', '']) expect(() => parseCount(wrong, 'It')).toThrow(/It must be/);
    expect(() => parseCount('0', 'It', 1)).toThrow(/from 1/);
  });
});
