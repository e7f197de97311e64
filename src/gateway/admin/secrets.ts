import type { Rng } from '#contracts';
import type { AuditEntry, Resource } from '#schema';
import { hashSecret } from '../keys/key-ring.ts';
import { isRecord } from './json.ts';

interface Secret {
  /** `mr_` and 64 hexadecimal digits: shown once. */
  readonly text: string;
  /** Its SHA-256: the form that is kept. */
  readonly hash: string;
}

export function mintSecret(rng: Rng): Secret {
  const text = `mr_${rng.secretHex(32)}`;
  return { text, hash: hashSecret(text) };
}

/** The resource as people may see it: the hash of a key stays inside. */
export function redacted(resource: Resource): Resource {
  if (resource.kind !== 'Key') return resource;
  const { hash: _hidden, ...spec } = resource.spec;
  return { ...resource, spec };
}

function withoutHash(spec: unknown): unknown {
  return isRecord(spec) ? Object.fromEntries(Object.entries(spec).filter(([name]) => name !== 'hash')) : spec;
}

export function redactedEntry(entry: AuditEntry): AuditEntry {
  if (entry.kind !== 'Key') return entry;
  return { ...entry, before: withoutHash(entry.before), after: withoutHash(entry.after) };
}
