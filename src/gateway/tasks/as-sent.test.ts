import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taskRequest, taskRequests } from '#schema';
import { bodyAsSent, placesIn } from './as-sent.ts';

function sentBody(text: string): string {
  const bytes = Buffer.from(text);
  return bodyAsSent({ request: taskRequest.parse(JSON.parse(text)), bytes }).toString();
}

describe('the body of a task', () => {
  it('keeps every digit of its numbers', () => {
    expect(sentBody('{"model":"m","body":{"seed":9007199254740993,"x":1.0}}')).toBe(
      '{"model":"m","seed":9007199254740993,"x":1.0}',
    );
    const tensors = '{"inputs":[{"datatype":"INT64","data":[ 9223372036854775807 ]}]}';
    const task = `{"body": ${tensors}, "endpoint":"/v2/models/infer", "model":"m"}`;
    expect(sentBody(task)).toBe(tensors);
  });

  it('means what was sent, alone or in a list, however it was written', () => {
    const body = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 4 }), fc.nat(3), (bodies, indent) => {
        const tasks = bodies.map((one) => ({ model: 'm', body: { ...one, model: 'm' } }));
        const list = Buffer.from(JSON.stringify({ tasks }, undefined, indent));
        const places = placesIn(list);
        const requests = taskRequests.parse(JSON.parse(list.toString())).tasks;
        const read = requests.map((request, at) => {
          const alone = bodyAsSent({ request, bytes: places?.[at] }).toString();
          return JSON.parse(alone);
        });
        expect(places).toHaveLength(tasks.length);
        expect(read).toEqual(JSON.parse(JSON.stringify(tasks.map((task) => task.body))));
      }),
    );
  });
});
