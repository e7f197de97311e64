import { describe, expect, it } from 'vitest';
import { createVersionStage, release } from '../../test/world/version-stage.ts';
import { rate } from './rate.ts';

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const answerOf = (content: string) => encode({ id: content, choices: [{ message: { content } }] });
const body = encode({ model: 'chat', temperature: 0, messages: [] });

function shadowing(concurrencyMax = 4) {
  const stage = createVersionStage();
  const spec = { strategy: 'shadow', shadow: { percent: 100, concurrencyMax } };
  stage.put(release(0, spec, 1));
  const read = (template: string) => stage.directory.evidence.read('chat', template);
  return { ...stage, read, spec };
}

describe('a shadow', () => {
  it('is asked what was answered already, with the lowest priority, and both answers are compared', () => {
    const { transport, ask, sentTo, read, heard, samples } = shadowing();
    ask({ body });
    expect(sentTo()).toEqual(['unix:/old']);
    transport.calls[0]?.answer({}, answerOf('Paris'));
    expect(heard).toEqual(['ended']);
    expect(sentTo()).toEqual(['unix:/old', 'unix:/new']);
    expect(read('t1')?.counts.errors.requests ?? 0).toBe(0);
    transport.calls[1]?.answer({}, answerOf('Paris'));
    expect(read('t1')?.counts.errors).toEqual({ requests: 1, bad: 0 });
    expect(read('t2')?.counts.errors).toEqual({ requests: 1, bad: 0 });
    expect(read('t2')?.alike).toEqual({ copied: 1, fixed: 1, equal: 1 });
    // Nobody is billed for a copy, and its answer goes nowhere.
    expect([heard, samples.length]).toEqual([['ended'], 1]);
  });

  it('tells answers apart that should be the same, and minds no others', () => {
    const { transport, ask, read } = shadowing();
    for (const temperature of [0, 0.7]) {
      ask({ body: encode({ temperature }) });
      transport.calls.at(-1)?.answer({}, answerOf('Paris'));
      transport.calls.at(-1)?.answer({}, answerOf('Rome'));
    }
    expect(read('t2')?.alike).toEqual({ copied: 2, fixed: 1, equal: 0 });
  });

  it('that fails harms nobody but itself', () => {
    const { transport, ask, read, problems, heard } = shadowing();
    ask({ body });
    transport.calls[0]?.answer({}, answerOf('Paris'));
    transport.calls[1]?.answer({ status: 500 });
    expect([problems, heard]).toEqual([[], ['ended']]);
    expect(read('t2')?.counts.errors).toEqual({ requests: 1, bad: 1 });
    expect(read('t1')?.counts.errors).toEqual({ requests: 1, bad: 0 });
  });

  it('is not asked more at once than allowed, nor what nobody waited for', () => {
    const { transport, ask, sentTo, put, spec } = shadowing(1);
    ask({ body });
    transport.calls[0]?.answer({}, answerOf('one'));
    ask({ body });
    transport.calls[2]?.answer({}, answerOf('two'));
    expect(sentTo()).toEqual(['unix:/old', 'unix:/new', 'unix:/old']);
    transport.calls[1]?.answer({}, answerOf('one'));
    ask({ body }).cancel();
    expect(sentTo().filter((endpoint) => endpoint === 'unix:/new').length).toBe(1);
    // A request that was cancelled takes up nothing.
    ask({ body });
    transport.calls.at(-1)?.answer({}, answerOf('three'));
    expect(sentTo().at(-1)).toBe('unix:/new');
    put(release(0, spec));
    transport.calls.at(-1)?.answer({}, answerOf('three'));
    ask({ body });
    transport.calls.at(-1)?.answer({}, answerOf('four'));
    expect(sentTo().at(-1)).toBe('unix:/old');
  });
});

describe('a version that is compared', () => {
  it('is known by what its answers say, where a gate wants to know', () => {
    const stage = createVersionStage();
    stage.put(release(1, { gates: [{ name: 'empty' }, { name: 'repetition' }, { name: 'confidence' }] }));
    const choices = [
      { message: { content: 'word '.repeat(40) }, logprobs: { content: [{ logprob: -0.5 }] } },
    ];
    for (const answer of [
      encode({ choices }),
      answerOf(''),
      encode({ choices: [{ message: { refusal: 'No.' } }] }),
    ]) {
      stage.ask({ body });
      stage.transport.calls.at(-1)?.answer({}, answer);
    }
    const read = stage.directory.evidence.read('chat', 't2');
    expect(read?.counts.empty).toEqual({ requests: 3, bad: 2 });
    const seen = (name: 'repetition' | 'confidence') =>
      read?.values[name].flatMap((count, bucket) => (count > 0 ? [[bucket, count]] : []));
    // 37 runs of four words of which one is new: 973 thousandths. e^0.5 is 165 hundredths.
    expect(seen('repetition')).toEqual([
      [0, 2],
      [79, 1],
    ]);
    expect(seen('confidence')).toEqual([[58, 1]]);
  });

  it('is rated by those who were answered, once for each answer', () => {
    const stage = createVersionStage();
    stage.put(release(1, { gates: [{ name: 'feedback' }] }));
    for (const requestId of ['r1', 'r2']) {
      stage.ask({ body, requestId });
      stage.transport.calls.at(-1)?.answer({}, answerOf('Paris'));
    }
    for (const [requestId, isBad] of [
      ['r1', true],
      ['r1', true],
      ['r2', false],
    ] as const) {
      const answerer = stage.directory.answered.find('default', requestId);
      expect(answerer).toMatchObject({ deployment: 'chat', model: 'tiny@2', template: 't2' });
      if (answerer !== undefined) rate(stage.directory, answerer, { tenant: 'default', requestId, isBad });
    }
    expect(stage.directory.evidence.read('chat', 't2')?.counts.feedback).toEqual({ requests: 2, bad: 1 });
  });

  it('is timed by the tokens of its streams', () => {
    const stage = createVersionStage();
    stage.put(release(1, { gates: [{ name: 'tpot' }] }));
    stage.ask({ body, stream: true });
    const events = ['a', 'b', 'c'].map(
      (content) => `data: {"choices":[{"delta":{"content":"${content}"}}]}\n\n`,
    );
    stage.transport.calls[0]?.answer({}, new TextEncoder().encode(events.join('')));
    const tpot = stage.directory.evidence.read('chat', 't2')?.values.tpot ?? [];
    expect(tpot.reduce((sum, count) => sum + count, 0)).toBe(1);
  });
});
