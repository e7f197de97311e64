import { expect, test } from 'vitest';
import { testPeers } from '../../../test/conformance/peers.ts';
import { commit, model, put, testStore } from '../../../test/conformance/store.ts';
import { createMemoryStore } from './memory-store.ts';

testStore({ name: 'memory', create: createMemoryStore });

test('the audit log keeps the newest entries only, as many as it is given room for', async () => {
  const store = createMemoryStore({ clock: { nowMs: () => 0 }, auditEntriesMax: 3 });
  for (let round = 1; round <= 10; round += 1) await commit(store, [put(model('a', `${round}`))]);
  const entries = await store.audit({ limit: 100 });
  expect(entries.map((entry) => entry.resourceVersion)).toEqual(['10', '9', '8']);
});

const time = { nowMs: 0 };
const open = () => createMemoryStore({ clock: { nowMs: () => time.nowMs } });
let shared = open();
testPeers({
  name: 'memory',
  open: () => shared,
  fresh: () => void (shared = open()),
  pass: (ms) => void (time.nowMs += ms),
});
