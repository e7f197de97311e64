import type { ByteRange, Result } from './blobs.ts';

/** A model file somewhere else. */
export interface SourceFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** `sha256:…` where the source tells it; checked against what arrives. */
  readonly digest?: string | undefined;
  /** Changes when the content does (ETag, revision, mtime): a resumed pull goes on only while it is the same. */
  readonly identity: string;
  /** False where only a read from the start works. */
  readonly ranged: boolean;
  read(range: ByteRange, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Where model files can be pulled from: `file:`, `https:`, `hf:`. */
export interface Source {
  /** Scheme without the colon. */
  readonly scheme: string;
  open(uri: string, signal: AbortSignal): Promise<Result<SourceFile>>;
}
