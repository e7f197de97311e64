import type { Kind } from './resources.ts';

export interface ReplicaInShort {
  readonly name: string;
  readonly state: string;
  /** 0 to 1 while loading. */
  readonly loadedFraction?: number;
  readonly remainingMs?: number;
  readonly message?: string;
}

export interface DeploymentInShort {
  readonly name: string;
  readonly model: string;
  readonly version: string;
  readonly engine: string;
  readonly state: 'pending' | 'stopped' | 'ready' | 'degraded' | 'failing' | 'loading';
  readonly wantedReplicas: number;
  readonly readyReplicas: number;
  readonly message?: string;
  readonly replicas: readonly ReplicaInShort[];
}

export interface PlatformStatus {
  readonly version: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly uptimeMs: number;
  readonly resourceVersion: string;
  readonly engines: readonly string[];
  /** By plural: how many there are. */
  readonly counts: Readonly<Record<string, number>>;
  /** The processes that share a PostgreSQL; absent where one process is the platform. */
  readonly members?: readonly MemberInShort[];
  readonly deployments: readonly DeploymentInShort[];
}

/** A process of the platform. */
export interface MemberInShort {
  readonly name: string;
  /** Absent where it speaks another version. */
  readonly roles?: readonly ('gateway' | 'control' | 'worker')[];
  /** It is about to go: nothing is started on it any more. */
  readonly leaves?: true;
}

/** One line of the audit log. */
export interface AuditEntry {
  /** RFC 3339. */
  readonly at: string;
  /** The key that made the change. */
  readonly actor: string;
  readonly tenant: string;
  readonly verb: 'create' | 'update' | 'delete';
  readonly kind: Kind;
  readonly name: string;
  readonly resourceVersion: string;
  readonly reason?: string;
  /** The spec before and after. */
  readonly before?: unknown;
  readonly after?: unknown;
}
