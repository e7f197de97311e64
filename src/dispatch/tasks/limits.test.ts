import { describe, expect, it } from 'vitest';
import { resourceSchemas } from '#schema';
import { createTaskLimits } from './limits.ts';

const tenant = (tasks: object) =>
  resourceSchemas.Tenant.parse({ kind: 'Tenant', metadata: { name: 'acme' }, spec: { tasks } });

describe('limits of tenants', () => {
  it('follow the store', () => {
    const limits = createTaskLimits();
    limits.apply({ type: 'put', resource: tenant({ runningMax: 3 }) });
    expect([limits.limited(), limits.runningMaxOf('acme'), limits.unfinishedMaxOf('acme')]).toEqual([
      ['acme'],
      3,
      undefined,
    ]);
    limits.apply({ type: 'put', resource: tenant({ unfinishedMax: 9 }) });
    expect([limits.limited(), limits.runningMaxOf('acme'), limits.unfinishedMaxOf('acme')]).toEqual([
      [],
      undefined,
      9,
    ]);
    limits.apply({ type: 'deleted', resource: tenant({ unfinishedMax: 9 }) });
    expect(limits.unfinishedMaxOf('acme')).toBeUndefined();
  });
});
