import type { Fence, Store } from '#contracts';

/** The store, for whoever writes as the holder of an office: refuses once somebody else has it. */
export function createFencedStore(store: Store, fence: Fence): Store {
  return { ...store, commit: (changes, actor) => store.commit(changes, actor, fence) };
}
