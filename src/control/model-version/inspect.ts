import { modelVersionLabel, problem, problemOf, type ModelVersion, type Problem } from '#schema';
import type { Blob, Blobs, Engine, Inspection, ModelFile, Result } from '#contracts';
import type { ControlDeps } from '../deps.ts';

/** A blob with random access. Holds nothing: every read asks the store. */
function modelFile(blobs: Blobs, blob: Blob, name: string): ModelFile {
  return {
    name,
    sizeBytes: blob.sizeBytes,
    async read(offset, length) {
      const from = Math.min(Math.max(0, offset), blob.sizeBytes);
      const to = Math.min(from + Math.max(0, length), blob.sizeBytes);
      const bytes = new Uint8Array(to - from);
      if (bytes.length === 0) return bytes;
      let at = 0;
      for await (const chunk of blobs.read(blob.digest, { from, to })) {
        bytes.set(chunk.subarray(0, bytes.length - at), at);
        at += chunk.length;
        if (at >= bytes.length) break;
      }
      return bytes.subarray(0, Math.min(at, bytes.length));
    },
  };
}

/** The last part of where it comes from; what was pushed is called after itself. */
function fileName({ spec }: ModelVersion): string {
  const [path = ''] = spec.source.split(/[?#@]/, 1);
  const last = path.split('/').at(-1) ?? '';
  return spec.source === 'upload' || last === '' ? modelVersionLabel(spec) : last;
}

async function ask(engine: Engine, file: ModelFile, signal: AbortSignal): Promise<Result<Inspection>> {
  try {
    const said = await engine.inspect?.(file, signal);
    return said ?? { ok: false, problem: problem('not_a_model', 'It loads no files.') };
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown) };
  }
}

function asWanted({ spec }: ModelVersion, { format }: Inspection): Problem | undefined {
  if (spec.format === undefined || spec.format === format) return undefined;
  return problem('not_a_model', `The file is ${format}; the version says it is ${spec.format}.`);
}

function refusal(engines: readonly Engine[], problems: readonly Problem[]): Problem {
  const [first] = problems;
  if (problems.length === 1 && first !== undefined) return first;
  // One that could not look (a disk that does not read) makes the verdict of all uncertain.
  const uncertain = problems.find(({ code }) => code !== 'not_a_model');
  const said = problems.map(({ message }, index) => `${engines[index]?.name ?? ''}: ${message}`);
  return problem(uncertain?.code ?? 'not_a_model', `No engine can load it. ${said.join(' ')}`);
}

/**
 * Asks the engines that load files what this one is; the first that recognises it is believed. `undefined` as a value
 * when no engine here can look into files: then it is taken as it is.
 */
export async function inspectBlob(
  { blobs, engines }: Pick<ControlDeps, 'blobs' | 'engines'>,
  { version, blob }: { readonly version: ModelVersion; readonly blob: Blob },
  signal: AbortSignal,
): Promise<Result<Inspection | undefined>> {
  const file = modelFile(blobs, blob, fileName(version));
  const looking = [...engines.values()].filter((engine) => engine.inspect !== undefined);
  const problems: Problem[] = [];
  for (const engine of looking) {
    const said = await ask(engine, file, signal);
    if (!said.ok) {
      problems.push(said.problem);
      continue;
    }
    const mismatch = asWanted(version, said.value);
    return mismatch === undefined ? said : { ok: false, problem: mismatch };
  }
  return looking.length === 0
    ? { ok: true, value: undefined }
    : { ok: false, problem: refusal(looking, problems) };
}
