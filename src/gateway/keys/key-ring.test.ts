import { describe, expect, it } from 'vitest';
import { resourceSchemas, type Key } from '#schema';
import { createKeyRing, hashSecret } from './key-ring.ts';

const clock = { nowMs: () => Date.UTC(2026, 0, 1), monotonicMs: () => 0, setTimer: () => () => undefined };

function key(name: string, secret: string, more: object = {}): Key {
  return resourceSchemas.Key.parse({
    kind: 'Key',
    metadata: { name },
    spec: { hash: hashSecret(secret), ...more },
  });
}

describe('the key ring', () => {
  it('knows who a secret stands for, with and without "Bearer"', () => {
    const ring = createKeyRing(clock);
    ring.apply({ type: 'put', resource: key('app', 'mr_1', { tenant: 'shop', scopes: ['read'] }) });
    for (const sent of ['Bearer mr_1', 'bearer mr_1', 'BEARER  mr_1', 'mr_1'])
      expect(ring.identify(sent)).toMatchObject({ ok: true, value: { key: 'app', tenant: 'shop' } });
    expect(ring.identify('Bearer mr_2')).toMatchObject({ ok: false, problem: { code: 'invalid_key' } });
    expect(ring.identify(undefined)).toMatchObject({ ok: false, problem: { code: 'missing_key' } });
  });

  it('forgets a key that was deleted, replaced or has expired', () => {
    const ring = createKeyRing(clock);
    ring.apply({ type: 'put', resource: key('app', 'mr_1') });
    ring.apply({ type: 'put', resource: key('app', 'mr_2') });
    expect(ring.identify('mr_1').ok).toBe(false);
    expect(ring.identify('mr_2').ok).toBe(true);
    ring.apply({ type: 'deleted', resource: key('app', 'mr_2') });
    expect(ring.identify('mr_2').ok).toBe(false);
    ring.apply({ type: 'put', resource: key('old', 'mr_3', { expiresAt: '2025-12-31T00:00:00Z' }) });
    expect(ring.identify('mr_3').ok).toBe(false);
  });

  it('lets a secret move from one key to another within one change, in either order', () => {
    const ring = createKeyRing(clock);
    ring.apply({ type: 'put', resource: key('a', 'mr_1') });
    ring.apply({ type: 'put', resource: key('b', 'mr_1') });
    ring.apply({ type: 'put', resource: key('a', 'mr_2') });
    expect(ring.identify('mr_1')).toMatchObject({ value: { key: 'b' } });
    expect(ring.identify('mr_2')).toMatchObject({ value: { key: 'a' } });
  });
});
