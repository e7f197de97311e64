import { afterAll, describe, expect, test } from 'vitest';
import { noPostgres, testPostgres } from '../../../test/conformance/postgres-server.ts';
import { testPeers } from '../../../test/conformance/peers.ts';
import { commit, inShort, model, put, testStore, watch } from '../../../test/conformance/store.ts';
import { systemClock } from '../../../test/conformance/system-clock.ts';
import type { WatchEvent } from '#contracts';
import { createPostgresStore } from './index.ts';

const server = noPostgres === undefined ? await testPostgres() : undefined;
afterAll(() => server?.stop());

let counter = 0;
const open = (options: Partial<Parameters<typeof createPostgresStore>[0]> = {}) =>
  createPostgresStore({
    url: server?.url ?? '',
    schema: `store_${process.pid}_${counter}`,
    clock: systemClock,
    ...options,
  });

describe.skipIf(noPostgres)(`with PostgreSQL (${noPostgres ?? 'there is one'})`, () => {
  testStore({
    name: 'postgres',
    create: ({ clock, ...options }) => {
      counter += 1;
      return open({ ...options, clock: { ...systemClock, nowMs: () => clock.nowMs() } });
    },
  });

  testPeers({
    name: 'postgres',
    open,
    fresh: () => void (counter += 1),
    pass: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  });

  test('several processes share one store: commits take turns, watchers hear each in order', async () => {
    counter += 1;
    const [one, other] = [await open(), await open()];
    const heard: WatchEvent[] = [];
    await watch(other, '', heard);
    await Promise.all(
      Array.from({ length: 30 }, (_, at) => commit(at % 2 ? one : other, [put(model(`m${at}`))])),
    );
    expect(await one.version()).toBe('30');
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(30);
    expect(heard.map((event) => Number(inShort(event).split(' ')[2]))).toEqual(
      Array.from({ length: 30 }, (_, at) => at + 1),
    );
    await one.close();
    const again = await open();
    expect(await again.list('Model')).toHaveLength(30);
    await again.close();
    await other.close();
  });

  test('who missed more than the history holds is told so, and hears nothing else', async () => {
    counter += 1;
    const [one, other] = [await open({ historyChangesMax: 3 }), await open()];
    const heard: WatchEvent[] = [];
    const plain: WatchEvent[] = [];
    let lost = 0;
    await other.watch(
      '',
      (event) => void heard.push(event),
      () => (lost += 1),
    );
    await watch(other, '', plain);
    await commit(
      one,
      Array.from({ length: 10 }, (_, at) => put(model(`m${at}`))),
    );
    await expect.poll(() => lost, { timeout: 10_000 }).toBe(1);
    await commit(one, [put(model('later'))]);
    await expect.poll(() => plain.length, { timeout: 10_000 }).toBe(4);
    expect([heard.length, lost]).toEqual([0, 1]);
    await one.close();
    await other.close();
  });
});
