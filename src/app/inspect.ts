import { problem } from '#schema';
import type { Blobs, Engine, Inspection, ModelFile, Result } from '#contracts';

/** A committed blob as engines inspect it: random access, short at the end. */
function openModelFile(blobs: Blobs, blob: { digest: string; sizeBytes: number }, name: string): ModelFile {
  return {
    name,
    sizeBytes: blob.sizeBytes,
    async read(offset, length) {
      const to = Math.min(offset + length, blob.sizeBytes);
      if (offset >= to) return new Uint8Array(0);
      const parts: Uint8Array[] = [];
      for await (const part of blobs.read(blob.digest, { from: offset, to })) parts.push(part);
      return Buffer.concat(parts);
    },
  };
}

export type Inspect = (digest: string, name: string, signal: AbortSignal) => Promise<Result<Inspection>>;

/** Asks each engine that loads files whether it knows this one; the last refusal says why none does. */
export function createInspect(blobs: Blobs, engines: ReadonlyMap<string, Engine>): Inspect {
  return async (digest, name, signal) => {
    const blob = await blobs.stat(digest);
    if (blob === undefined)
      return { ok: false, problem: problem('not_found', `There is no file ${digest}.`) };
    const file = openModelFile(blobs, blob, name);
    let answer: Result<Inspection> = { ok: false, problem: problem('not_a_model') };
    for (const engine of engines.values()) {
      if (engine.inspect === undefined) continue;
      answer = await engine.inspect(file, signal);
      if (answer.ok) return answer;
    }
    return answer;
  };
}
