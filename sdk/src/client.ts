import { createBatches, createFiles, type Batches, type Files } from './batches.ts';
import { createHttp, type ClientSettings } from './http.ts';
import { createInference, type Inference } from './inference.ts';
import {
  createResources,
  type Kind,
  type ReadOptions,
  type ReadableResources,
  type WritableKind,
  type WritableResources,
} from './resources.ts';
import { createTasks, type Tasks } from './tasks.ts';
import type { AuditEntry, PlatformStatus } from './status.ts';
import type { ResourceInputs } from './types.gen.ts';
import { pushFile, type FileLike, type PushedFile, type PushOptions } from './uploads.ts';

export interface ApplyOptions extends ReadOptions {
  /** Check and answer, but change nothing. */
  readonly dryRun?: boolean | undefined;
  /** Why, for the audit log. */
  readonly reason?: string | undefined;
}

export interface ApplyAnswer {
  readonly results: ReadonlyArray<{
    readonly kind: WritableKind;
    readonly name: string;
    readonly action: 'created' | 'configured' | 'unchanged';
  }>;
  /** Secrets of keys that were just made, by name: told this once. */
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface AuditQuery extends ReadOptions {
  readonly kind?: Kind | undefined;
  readonly name?: string | undefined;
  /** RFC 3339. */
  readonly from?: string | undefined;
  /** RFC 3339. */
  readonly until?: string | undefined;
  /** 1 to 1000; 100 when absent. */
  readonly limit?: number | undefined;
}

/** A platform, through its HTTP API. */
export interface Millrace extends Inference {
  resources<K extends WritableKind>(kind: K): WritableResources<K>;
  resources<K extends Kind>(kind: K): ReadableResources<K>;
  /** Many resources, all or nothing. */
  apply(resources: readonly ResourceInputs[WritableKind][], options?: ApplyOptions): Promise<ApplyAnswer>;
  /** Who changed what, when and why; newest first. */
  audit(query?: AuditQuery): Promise<readonly AuditEntry[]>;
  readonly tasks: Tasks;
  readonly files: Files;
  readonly batches: Batches;
  readonly uploads: { push(file: FileLike, options?: PushOptions): Promise<PushedFile> };
  status(options?: ReadOptions): Promise<PlatformStatus>;
  /** The last lines a replica wrote, oldest first. */
  replicaLogs(
    replica: string,
    options?: ReadOptions & { readonly lines?: number },
  ): Promise<readonly string[]>;
}

/** Connects to nothing yet: every call stands for itself. */
export function createMillrace(settings: ClientSettings): Millrace {
  const http = createHttp(settings);
  return {
    ...createInference(http),
    resources: <K extends WritableKind>(kind: K) => createResources(http, kind),
    apply: (resources, { dryRun, reason, signal } = {}) =>
      http.json({ method: 'POST', path: '/api/v1/apply', json: { resources, dryRun, reason }, signal }),
    audit: async ({ signal, ...query } = {}) => {
      const answer = await http.json<{ readonly entries: readonly AuditEntry[] }>({
        path: '/api/v1/audit',
        query,
        signal,
      });
      return answer.entries;
    },
    tasks: createTasks(http),
    files: createFiles(http),
    batches: createBatches(http),
    uploads: { push: (file, options) => pushFile(http, file, options) },
    status: ({ signal } = {}) => http.json({ path: '/api/v1/status', signal }),
    replicaLogs: async (replica, { lines, signal } = {}) => {
      const path = `/api/v1/replicas/${encodeURIComponent(replica)}/logs`;
      const answer = await http.json<{ readonly lines: readonly string[] }>({
        path,
        query: { lines },
        signal,
      });
      return answer.lines;
    },
  };
}
