import { afterAll, expect, it } from 'vitest';
import { noPostgres, testPostgres } from '../../test/conformance/postgres-server.ts';
import { openWire } from '../../test/chaos/wire.ts';
import { connect } from './connect.ts';

const server = noPostgres === undefined ? await testPostgres() : undefined;
afterAll(() => server?.stop());
const tables = { name: 'rows', migrations: ['CREATE TABLE rows (n int); INSERT INTO rows VALUES (1)'] };

it('a network that swallows everything is noticed, and locks of a transaction in it are given back', async (context) => {
  if (server === undefined) {
    context.skip(noPostgres);
    return;
  }
  const wire = await openWire(server.url);
  const schema = `silent_${process.pid}`;
  const near = await connect({ url: server.url, schema }, tables);
  const far = await connect({ url: wire.url, schema, answerMs: 400 }, tables);
  const unreachable = { problem: { code: 'store_unreachable' } };

  const cut = far.atomically(async (ask) => {
    await ask({ text: 'UPDATE rows SET n = n + 1' });
    wire.hold();
    await ask({ text: 'UPDATE rows SET n = n + 1' });
  });
  await expect(cut).rejects.toMatchObject(unreachable);
  await expect(far.ask({ text: 'SELECT 1' })).rejects.toMatchObject(unreachable);
  // The server has not heard that anybody is gone: it gives the row back by itself.
  expect(await near.ask({ text: 'UPDATE rows SET n = n + 10 RETURNING n' })).toEqual([{ n: 11 }]);

  wire.mend();
  expect(await far.ask({ text: 'SELECT n FROM rows' })).toEqual([{ n: 11 }]);
  await Promise.all([near.close(), far.close()]);
  await wire.close();
});
