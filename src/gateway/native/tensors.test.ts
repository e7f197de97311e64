import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '#schema';
import { readTensorQuestion, tensorAnswer, tensorRefusal, tensorsIn } from './tensors.ts';

const told = { id: 'r-1', model: 'sums', version: '2', timing: { queue_ms: 0, total_ms: 1.5 } };

function asked(text: string): ReturnType<typeof readTensorQuestion> {
  return readTensorQuestion(tensorsIn(Buffer.from(text)) ?? new Map<string, Buffer>());
}

function refusal(status: number, reply: Buffer, retryAfter?: string): Problem {
  return tensorRefusal({ status, retryAfter }, reply);
}

describe('tensors in /v1/inference', () => {
  it('go to the engine as they are, without the name of the model', () => {
    const inputs = `[ {"name":"x", "data":[9007199254740993, 1e400]} ]`;
    const question = asked(`{ "inputs":${inputs} , "model":"sums","outputs":[{"name":"y"}]}`);
    expect(question).toMatchObject({ ok: true, value: { model: 'sums' } });
    expect(question.ok && question.value.body.toString()).toBe(
      `{"inputs":${inputs},"outputs":[{"name":"y"}]}`,
    );
  });

  it('come back as they are, with who answered and how long that took', () => {
    const outputs = '[{"name":"y","data":[-0.0,9007199254740993]}]';
    const answer = tensorAnswer(Buffer.from(`{"model_name":"s","outputs":${outputs}}`), told);
    expect(answer?.toString()).toBe(
      `{"id":"r-1","model":"sums","version":"2","outputs":${outputs},"timing":{"queue_ms":0,"total_ms":1.5}}`,
    );
    expect(tensorAnswer(Buffer.from('{"model_name":"s"}'), told)).toBeUndefined();
  });

  it('are what the question was, whatever stands in it', () => {
    const member = fc.record({
      inputs: fc.array(fc.jsonValue()),
      parameters: fc.dictionary(fc.string(), fc.jsonValue()),
    });
    fc.assert(
      fc.property(member, fc.string({ minLength: 1 }), fc.nat(4), (rest, model, space) => {
        const question = asked(JSON.stringify({ model, ...rest }, undefined, space));
        expect(question.ok && question.value.model).toBe(model);
        expect(question.ok && JSON.parse(question.value.body.toString())).toEqual(
          JSON.parse(JSON.stringify(rest)),
        );
      }),
    );
  });

  it('are no text, and a text is none', () => {
    expect(tensorsIn(Buffer.from('{"model":"m","input_text":"inputs"}'))).toBeUndefined();
    expect(tensorsIn(Buffer.from('[1]'))).toBeUndefined();
  });

  it('are refused by name with what does not go with them', () => {
    const refused = { ok: false, problem: { code: 'unsupported_parameter', param: 'stream' } };
    expect(asked('{"model":"m","inputs":[],"stream":true}')).toMatchObject(refused);
    expect(asked('{"inputs":[]}')).toMatchObject({ ok: false, problem: { param: 'model' } });
    expect(asked('{"model":7,"inputs":[]}')).toMatchObject({ ok: false, problem: { param: 'model' } });
  });

  it("are refused in the engine's own words", () => {
    const words = Buffer.from('{"error":"The input \\"x\\" is missing."}');
    expect(refusal(400, words)).toMatchObject({
      code: 'invalid_request',
      message: 'The input "x" is missing.',
    });
    expect(refusal(503, Buffer.from('busy'), '7')).toMatchObject({ code: 'overloaded', retryAfterMs: 7000 });
    expect(refusal(500, words).code).toBe('replica_failed');
  });
});
