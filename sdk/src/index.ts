export {
  createMillrace,
  type ApplyAnswer,
  type ApplyOptions,
  type AuditQuery,
  type Millrace,
} from './client.ts';
export type { Batches, Files, NewFileOptions, Page, PageQuery } from './batches.ts';
export { MillraceError, type ErrorFacts, type ProblemCode } from './error.ts';
export type { ClientSettings } from './http.ts';
export type {
  ChatAnswer,
  ChatChunk,
  ChatMessage,
  FeedbackKept,
  Inference,
  InferenceEvent,
  InferenceOptions,
  ServedModel,
  Usage,
} from './inference.ts';
export type {
  ChangeOptions,
  Kind,
  MergePatch,
  Put,
  ReadableResources,
  ReadOptions,
  ResourceList,
  WritableKind,
  WritableResources,
} from './resources.ts';
export type {
  AuditEntry,
  DeploymentInShort,
  MemberInShort,
  PlatformStatus,
  ReplicaInShort,
} from './status.ts';
export type { TaskCount, TaskPage, TaskQuery, Tasks, TaskStatus } from './tasks.ts';
export * from './types.gen.ts';
export type { FileLike, PushedFile, PushOptions, UploadProgress } from './uploads.ts';
export type { WatchEvent, WatchOptions } from './watch.ts';
