import type { AuditEntry, Problem, Resource, ResourceKind } from '#schema';
import type { Fence, Peers } from './peers.ts';

/** Who asked, and why: goes into the audit log with every change. */
export interface Actor {
  readonly name: string;
  readonly tenant: string;
  readonly reason?: string | undefined;
}

export type Change =
  /** Creates or replaces. `expectedVersion`: refuse unless the stored resourceVersion is this; '' means must not exist. */
  | { readonly verb: 'put'; readonly resource: Resource; readonly expectedVersion?: string | undefined }
  | {
      readonly verb: 'delete';
      readonly kind: ResourceKind;
      readonly name: string;
      readonly expectedVersion?: string | undefined;
    };

export type Committed =
  | { readonly ok: true; readonly resources: readonly Resource[] }
  | {
      readonly ok: false;
      readonly problem: Problem;
      /** Index of the change that was refused. */ readonly at: number;
    };

export interface WatchEvent {
  readonly type: 'put' | 'deleted';
  /** As stored after the change; for `deleted`, as it last was, with the deletion's resourceVersion. */
  readonly resource: Resource;
}

export interface AuditQuery {
  readonly kind?: ResourceKind | undefined;
  readonly name?: string | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** At most this many, newest first; 1 to 1000. */
  readonly limit: number;
}

/**
 * Where resources live. Versions are one increasing sequence over the whole store, as decimal strings.
 * What `commit` has answered is on disk and survives a power cut (for stores that have a disk).
 */
export interface Store {
  get(kind: ResourceKind, name: string): Promise<Resource | undefined>;
  /** Ordered by name. What is stored and cannot be read is left out, so that it hides nothing else. */
  list(kind: ResourceKind): Promise<readonly Resource[]>;
  /**
   * Names of what `list` left out: written by another version of the platform, or damaged. `get` and a put refuse them
   * with `store_unusable`; a delete works, by name or version. Only for stores where that can happen.
   */
  unreadable?(kind: ResourceKind): Promise<readonly string[]>;
  /**
   * All or nothing. Sets `metadata.resourceVersion`, `metadata.createdAt` (kept on replace) and
   * `metadata.generation` (raised when `spec` differs), and writes one audit entry for each change but
   * those of kind Replica and those that leave `spec`, labels and annotations as they were (status only).
   * A put equal to what is stored changes nothing and keeps its version.
   * With a fence, it is refused with `superseded` once the office has changed hands.
   */
  commit(changes: readonly Change[], actor: Actor, fence?: Fence): Promise<Committed>;
  /**
   * Calls `listener` for every change after `sinceVersion` ('' = from now on), in order, until the returned
   * function is called. Refuses with `version_expired` when that version is no longer in the change history.
   * A listener that throws is dropped and logged by the store's owner; it never stops the others.
   * `lost` is called, and the listener not again, when changes were missed: the store was out of reach for longer than
   * its history is long. Whoever gives none hears of what comes after.
   */
  watch(sinceVersion: string, listener: (event: WatchEvent) => void, lost?: () => void): Promise<Watched>;
  audit(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /**
   * Drops audit entries from before a moment (wall time, ms), but for the last of each resource that existed then: what
   * stood at that moment, who had it so and why, stays known.
   */
  forgetAudit(beforeMs: number): Promise<void>;
  /** The newest version committed; '0' in an empty store. */
  version(): Promise<string>;
  /** Only for stores that several processes share. */
  readonly peers?: Peers;
  close(): Promise<void>;
}

export type Watched =
  | { readonly ok: true; readonly stop: () => void }
  | { readonly ok: false; readonly problem: Problem };
