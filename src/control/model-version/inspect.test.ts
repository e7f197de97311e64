import { expect, it } from 'vitest';
import { createInspect } from '#control';
import { createFakeEngine } from '#engines/fake';
import { problem, ProblemError } from '#schema';
import type { Engine, Result, Inspection } from '#contracts';
import { createMemoryBlobs } from '../../../test/world/control-world.ts';

const never = new AbortController().signal;

function engine(name: string, inspect: Engine['inspect']): readonly [string, Engine] {
  return [name, { ...createFakeEngine(), name, ...(inspect && { inspect }) }];
}

const knowing = engine('knowing', async (file) => ({
  ok: true,
  value: { format: 'toy', facts: { name: file.name, bytes: (await file.read(0, 99)).length } },
}));
const refusing = engine('refusing', async () => ({
  ok: false,
  problem: problem('not_a_model', 'It is a picture.'),
}));
const broken = engine('broken', async () => {
  throw new ProblemError(problem('internal', 'The disk does not read.'));
});
const blind = engine('blind', undefined);

async function look(...engines: readonly (readonly [string, Engine])[]): Promise<Result<Inspection>> {
  const blobs = createMemoryBlobs();
  await blobs.begin({ id: 'a', sizeBytes: 3 });
  await blobs.write(
    'a',
    0,
    (async function* () {
      yield new Uint8Array(3);
    })(),
  );
  const blob = await blobs.commit('a');
  const digest = blob.ok ? blob.value.digest : '';
  return createInspect({ blobs, engines: new Map(engines) })(digest, 'model.toy', never);
}

it('believes the first engine that knows the file, whatever the others say or suffer', async () => {
  expect(await look(blind, refusing, broken, knowing)).toEqual({
    ok: true,
    value: { format: 'toy', facts: { name: 'model.toy', bytes: 3 } },
  });
});

it('says why none knows it, and is not sure where one could not look', async () => {
  expect(await look(refusing)).toMatchObject({
    ok: false,
    problem: { code: 'not_a_model', message: 'It is a picture.' },
  });
  expect(await look(refusing, broken)).toMatchObject({ ok: false, problem: { code: 'internal' } });
  expect(await look(blind)).toMatchObject({ ok: false, problem: { code: 'not_a_model' } });
});

it('looks at no file that is not here', async () => {
  const inspect = createInspect({ blobs: createMemoryBlobs(), engines: new Map([knowing]) });
  const said = await inspect(`sha256:${'0'.repeat(64)}`, 'x', never);
  expect(said).toMatchObject({ ok: false, problem: { code: 'not_found' } });
});
