import { expect, test } from 'vitest';
import { commit, model, put, testStore } from '../../../test/conformance/store.ts';
import { createMemoryStore } from './memory-store.ts';

testStore({ name: 'memory', create: createMemoryStore });

test('the audit log keeps the newest entries only, as many as it is given room for', async () => {
  const store = createMemoryStore({ clock: { nowMs: () => 0 }, auditEntriesMax: 3 });
  for (let round = 1; round <= 10; round += 1) await commit(store, [put(model('a', `${round}`))]);
  const entries = await store.audit({ limit: 100 });
  expect(entries.map((entry) => entry.resourceVersion)).toEqual(['10', '9', '8']);
});
