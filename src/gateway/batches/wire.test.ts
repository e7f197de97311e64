import { describe, expect, it } from 'vitest';
import type { Task } from '#schema';
import type { BatchLine } from '#dispatch';
import { batchWire } from './wire.ts';

const spec = { inputFile: 'file-1', endpoint: '/v1/chat/completions', deadlineMs: 0, filesKeepMs: 0 };
const read = (bytes: Uint8Array) => batchWire.readLine(spec, bytes);
const lineOf = (body: object) =>
  Buffer.from(JSON.stringify({ custom_id: 'a', method: 'POST', url: spec.endpoint, body }));

describe('a line of a batch', () => {
  it('is UTF-8, or refused: never read as other words than were written', () => {
    const good = lineOf({ model: 'demo', messages: [{ role: 'user', content: 'é' }] });
    expect(read(good)).toMatchObject({ ok: true, value: { customId: 'a', model: 'demo' } });
    const latin = Buffer.from(good.toString('utf8'), 'latin1');
    expect(read(latin)).toMatchObject({ ok: false, problem: { code: 'invalid_json' } });
  });

  it('is sent on as it was written: no number loses its digits', () => {
    const body = '{"model":"demo", "seed": 9007199254740993}';
    const line = Buffer.from(`{"custom_id":"a","method":"POST","url":"${spec.endpoint}","body":${body}}`);
    const asked = read(line);
    expect(asked.ok && Buffer.from(asked.value.body).toString()).toBe(body);
  });

  it('is refused where it is nested without end, and ends no batch', () => {
    const deep = `{"custom_id":"a","method":"POST","url":"${spec.endpoint}","body":{"model":"demo","messages":`;
    const line = Buffer.from(`${deep}${'['.repeat(20_000)}${']'.repeat(20_000)}}}`);
    expect(read(line)).toMatchObject({ ok: false, problem: { code: 'invalid_json' } });
  });

  it('has a model whose name every store can keep', () => {
    for (const model of ['', 'a\u0000b', 'a\ud800', 'x'.repeat(513)])
      expect(read(lineOf({ model }))).toMatchObject({ ok: false, problem: { param: 'body.model' } });
  });
});

describe('the answer to a line', () => {
  const line: BatchLine = {
    number: 1,
    taskId: 'task_1',
    asked: { ok: true, value: { customId: 'a', model: 'demo', body: new Uint8Array(0) } },
  };
  const output = {
    status: 200,
    contentType: 'application/json',
    model: 'demo@1',
    payload: { kind: 'inline' },
  };
  const task: Task = Object({ id: 'task_1', state: 'succeeded', output });

  it.each([
    ['{"a": 1}', { a: 1 }],
    ['{\n"a": 1\n}', { a: 1 }],
    ['{\r\n"a": "\\n"\r\n}', { a: '\n' }],
    ['', ''],
    ['{"a": 1', '{"a": 1'],
  ])('%j stands in one line of JSON, whatever the engine called it', (text, body) => {
    const written = batchWire.writeLine(line, { kind: 'task', task, answer: Buffer.from(text) });
    const [first, ...more] = Buffer.from(written)
      .toString('utf8')
      .split(/[\r\n]/);
    expect(more).toEqual(['']);
    expect(JSON.parse(first ?? '')).toMatchObject({ custom_id: 'a', response: { body } });
  });
});
