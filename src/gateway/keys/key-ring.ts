import { hash } from 'node:crypto';
import { problem, type Key } from '#schema';
import type { Clock, Result, WatchEvent } from '#contracts';
import type { Identity } from '../http/exchange.ts';

export interface KeyRing {
  /** Follows the store. */
  apply(event: WatchEvent): void;
  /** Who the `Authorization` header (or Anthropic's `x-api-key`) stands for. */
  identify(authorization: string | undefined): Result<Identity>;
}

interface Held {
  readonly hash: string;
  readonly identity: Result<Identity>;
  readonly expiresAtMs: number;
}

const missing: Result<Identity> = { ok: false, problem: problem('missing_key') };
const invalid: Result<Identity> = { ok: false, problem: problem('invalid_key') };

/** As nearly everybody writes it, and in whatever way else. */
const bearer = 'Bearer ';
const scheme = /^bearer +/i;

function secretIn(authorization: string): string {
  return authorization.startsWith(bearer)
    ? authorization.slice(bearer.length)
    : authorization.replace(scheme, '');
}

/** The stored form of a key's secret. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

function hold(key: Key, digest: string): Held {
  const { tenant, scopes, priority, expiresAt } = key.spec;
  const identity = { key: key.metadata.name, tenant, scopes: new Set(scopes), priority };
  return {
    hash: digest,
    identity: { ok: true, value: identity },
    expiresAtMs: expiresAt === undefined ? Infinity : Date.parse(expiresAt),
  };
}

/**
 * All keys by their hash, in memory: a request costs one hash and one look-up, and never the store. A look-up by
 * hash tells an attacker nothing through its timing, since the hash of a guess cannot be steered.
 */
export function createKeyRing(clock: Clock): KeyRing {
  const byHash = new Map<string, Held>();
  const byName = new Map<string, Held>();

  return {
    apply({ type, resource }) {
      if (resource.kind !== 'Key') return;
      const { name } = resource.metadata;
      const before = byName.get(name);
      // Another key may have taken the hash over in the same change.
      if (before !== undefined && byHash.get(before.hash) === before) byHash.delete(before.hash);
      byName.delete(name);
      const { hash: digest } = resource.spec;
      if (type === 'deleted' || digest === undefined) return;
      const held = hold(resource, digest);
      byName.set(name, held);
      byHash.set(digest, held);
    },
    identify(authorization) {
      if (authorization === undefined || authorization === '') return missing;
      const held = byHash.get(hashSecret(secretIn(authorization)));
      if (held === undefined || held.expiresAtMs <= clock.nowMs()) return invalid;
      return held.identity;
    },
  };
}
