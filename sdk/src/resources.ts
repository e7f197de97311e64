import type { Http } from './http.ts';
import { kinds, type ResourceInputs, type Resources } from './types.gen.ts';
import { watchResources, type WatchEvent, type WatchOptions } from './watch.ts';

export type Kind = keyof Resources;
export type WritableKind = keyof ResourceInputs;

export interface ResourceList<R> {
  readonly metadata: { /** Watch from here to miss nothing. */ readonly resourceVersion: string };
  readonly items: readonly R[];
}

export interface ChangeOptions {
  /** Why, for the audit log. */
  readonly reason?: string | undefined;
  /** Refuse (`version_conflict`) unless the resource stands at this version. */
  readonly resourceVersion?: string | undefined;
  /** Check and answer, but change nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** An object with the fields to change; `null` removes one (RFC 7396). */
export type MergePatch = Readonly<Record<string, unknown>>;

/** A key's answer carries its secret once: in the answer that made it. */
export type Put<K extends Kind> = Resources[K] & (K extends 'Key' ? { readonly secret?: string } : unknown);

/** Reading a kind. */
export interface ReadableResources<K extends Kind> {
  get(name: string, options?: ReadOptions): Promise<Resources[K]>;
  list(options?: ReadOptions & { readonly labelSelector?: string }): Promise<ResourceList<Resources[K]>>;
  /** The state, then every change. Reconnects from the last version seen. */
  watch(options?: WatchOptions): AsyncGenerator<WatchEvent<Resources[K]>, void, undefined>;
}

/** Changing a kind. */
export interface WritableResources<K extends WritableKind> extends ReadableResources<K> {
  put(resource: ResourceInputs[K], options?: ChangeOptions): Promise<Put<K>>;
  patch(name: string, patch: MergePatch, options?: ChangeOptions): Promise<Put<K>>;
  /** Answers with the resource as it last was. */
  delete(name: string, options?: ChangeOptions): Promise<Resources[K]>;
}

function changeOf(options: ChangeOptions): Pick<Parameters<Http['send']>[0], 'query' | 'headers' | 'signal'> {
  const { reason, resourceVersion, dryRun, signal } = options;
  return {
    query: { reason, dryRun: dryRun === true ? true : undefined },
    headers: resourceVersion === undefined ? {} : { 'if-match': `"${resourceVersion}"` },
    signal,
  };
}

function isA<K extends Kind>(kind: K, value: unknown): value is Resources[K] {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** The verbs of one kind. Kinds that only the platform writes refuse the changing ones. */
export function createResources<K extends WritableKind>(http: Http, kind: K): WritableResources<K>;
export function createResources<K extends Kind>(http: Http, kind: K): ReadableResources<K>;
export function createResources<K extends WritableKind>(http: Http, kind: K): WritableResources<K> {
  const all = `/api/v1/${kinds[kind]}`;
  const one = (name: string): string => `${all}/${encodeURIComponent(name)}`;
  const isOne = (value: unknown): value is Resources[K] => isA(kind, value);
  return {
    get: (name, options) => http.json({ path: one(name), signal: options?.signal }),
    list: (options) =>
      http.json({ path: all, query: { labelSelector: options?.labelSelector }, signal: options?.signal }),
    put: (resource, options = {}) =>
      http.json({ method: 'PUT', path: one(resource.metadata.name), json: resource, ...changeOf(options) }),
    patch: (name, patch, options = {}) =>
      http.json({ method: 'PATCH', path: one(name), json: patch, ...changeOf(options) }),
    delete: (name, options = {}) => http.json({ method: 'DELETE', path: one(name), ...changeOf(options) }),
    watch: (options = {}) => watchResources(http, { path: all, isOne }, options),
  };
}
