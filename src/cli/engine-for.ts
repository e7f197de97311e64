import type { ModelVersion } from '@millrace/sdk';

/** Which engine loads which format, where somebody leaves the choice to us. */
const engines: Readonly<Record<string, string>> = { gguf: 'llama', onnx: 'onnx' };

/** The engine for a version's file; undefined while nobody has looked into it, or none is needed. */
export function engineFor(version: Pick<ModelVersion, 'status'> | undefined): string | undefined {
  const format = version?.status?.format;
  return format === undefined ? undefined : engines[format];
}
