import { expect, it } from 'vitest';
import type { EngineAtWork } from './engine-rig.ts';
import { get, post } from './post.ts';

/** What every engine does that speaks the Open Inference Protocol. */
export function speaksOip({ rig, endpoint, life }: EngineAtWork): void {
  const path = (below: string): string => `/v2/models/${rig().model}${below}`;
  const infer = (body: unknown) =>
    post({ endpoint: endpoint(), path: path('/infer'), body, headers: rig().headers });
  const told = async (below: string) => {
    const got = await get({ endpoint: endpoint(), path: below, headers: rig().headers });
    return { status: got.status, body: got.text === '' ? undefined : JSON.parse(got.text) };
  };

  it('tells who it is, that it is ready, and what its model takes and gives', async () => {
    expect(await told('/v2')).toMatchObject({ status: 200, body: { name: expect.any(String) } });
    expect((await told('/v2/health/live')).status).toBe(200);
    expect((await told('/v2/health/ready')).status).toBe(200);
    expect((await told(path('/ready'))).status).toBe(200);
    const { status, body } = await told(path(''));
    expect(status).toBe(200);
    const tensor = { name: expect.any(String), datatype: expect.any(String), shape: expect.any(Array) };
    expect(body).toMatchObject({ name: rig().model, platform: expect.any(String) });
    for (const one of [...body.inputs, ...body.outputs]) expect(one).toMatchObject(tensor);
    expect(body.outputs.length).toBeGreaterThan(0);
  });

  it('computes, gives the id back, and moves while it does', async () => {
    const before = await life();
    const got = await infer({ id: 'my-id', ...rig().inference });
    expect(got.status).toBe(200);
    const { id, model_name: name, outputs } = JSON.parse(got.text);
    expect({ id, name }).toEqual({ id: 'my-id', name: rig().model });
    for (const { shape, data } of outputs) {
      const elements = shape.reduce((product: number, size: number) => product * size, 1);
      expect(data).toHaveLength(elements);
    }
    expect((await life()).progress - before.progress > 0).toBe(rig().tellsProgress);
  });

  it('refuses in the shape that clients know', async () => {
    const [first] = rig().inference?.inputs ?? [];
    const wrong = [
      '{"inputs":',
      {},
      { inputs: [] },
      { inputs: [{ ...first, name: 'nobody-knows-this' }] },
      { inputs: [{ ...first, data: [] }] },
      { ...rig().inference, outputs: [{ name: 'nobody-knows-this' }] },
    ];
    for (const body of wrong) {
      const got = await infer(body);
      expect({ body, status: got.status }).toEqual({ body, status: 400 });
      expect(JSON.parse(got.text)).toEqual({ error: expect.any(String) });
    }
    expect((await told('/v2/nowhere')).status).toBe(404);
  });
}
