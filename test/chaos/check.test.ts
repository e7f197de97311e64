import { describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { createHistory, type History, type Remains } from './history.ts';

/** A run in which everything was kept. */
function goodRun(): {
  history: History;
  remains: { tasks: Map<string, string>; audit: Map<string, number[]> };
} {
  const history = createHistory();
  history.acknowledged.push({ key: 'k1', id: 't1' }, { key: 'k1', id: 't1' }, { key: 'k2', id: 't2' });
  history.ends.push({ id: 't1', end: 'succeeded 1' }, { id: 't1', end: 'succeeded 1' });
  for (const id of ['t1', 't2', 't2'])
    history.deliveries.push({ id, delivery: `d-${id}`, type: 'task.succeeded' });
  history.writes.push({ key: 'a', value: 1 }, { key: 'a', value: 3 });
  for (const [connection, value] of [
    [1, 1],
    [1, 2],
    [2, 2],
    [2, 3],
  ] as const)
    history.watched.push({ connection, key: 'a', value });
  const tasks = new Map([
    ['t1', 'succeeded 1'],
    ['t2', 'succeeded 2'],
  ]);
  return { history, remains: { tasks, audit: new Map([['a', [1, 2, 3]]]) } };
}

describe('the checker', () => {
  it('finds nothing where everything was kept', () => {
    const { history, remains } = goodRun();
    expect(check(history, remains)).toEqual([]);
  });

  const faults: readonly (readonly [
    string,
    string,
    (history: History, remains: ReturnType<typeof goodRun>['remains']) => unknown,
  ])[] = [
    ['a task that is gone', 'lost', (_, { tasks }) => tasks.delete('t2')],
    ['a task that died', 'lost', (_, { tasks }) => tasks.set('t2', 'dead 2')],
    ['a task that never ends', 'stuck', (_, { tasks }) => tasks.set('t2', 'leased ')],
    ['two tasks for one key', 'twice', (history) => history.acknowledged.push({ key: 'k1', id: 't2' })],
    ['a task that nobody handed in', 'twice', (_, { tasks }) => tasks.set('t3', 'succeeded 3')],
    ['an end that became another', 'changed-end', (_, { tasks }) => tasks.set('t1', 'succeeded 9')],
    [
      'an end that was told as two',
      'twice',
      ({ deliveries }) => deliveries.push({ id: 't1', delivery: 'other', type: 'task.succeeded' }),
    ],
    ['an end that was not told', 'untold', ({ deliveries }) => deliveries.splice(0, 1)],
    ['a refusal that no fault explains', 'refused', ({ unexpected }) => unexpected.push('404')],
    ['a write that is gone', 'lost', (_, { audit }) => audit.set('a', [1, 2])],
    [
      'a write that a watcher missed',
      'disorder',
      ({ watched }) => watched.splice(2, 1, { connection: 1, key: 'a', value: 4 }),
    ],
    [
      'a write that a watcher was told twice',
      'disorder',
      ({ watched }) => watched.push({ connection: 2, key: 'a', value: 3 }),
    ],
    ['writes out of their order', 'disorder', (_, { audit }) => audit.set('a', [1, 3, 2])],
    ['a write that was done twice', 'disorder', (_, { audit }) => audit.set('a', [1, 2, 2, 3])],
  ];
  it.each(faults)('finds %s', (_, kind, spoil) => {
    const { history, remains } = goodRun();
    spoil(history, remains);
    const found: Remains = remains;
    expect(check(history, found).map((one) => one.kind)).toContain(kind);
  });
});
