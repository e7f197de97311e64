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

type World = Pick<ControlDeps, 'blobs' | 'engines'>;

/** The first engine that recognises it is believed; `undefined` as a value when none here can look into files. */
async function lookInto(
  { blobs, engines }: World,
  { blob, name }: { readonly blob: Blob; readonly name: string },
  signal: AbortSignal,
): Promise<Result<Inspection | undefined>> {
  const file = modelFile(blobs, blob, name);
  const looking = [...engines.values()].filter((engine) => engine.inspect !== undefined);
  const problems: Problem[] = [];
  for (const engine of looking) {
    const said = await ask(engine, file, signal);
    if (said.ok) return said;
    problems.push(said.problem);
  }
  return looking.length === 0
    ? { ok: true, value: undefined }
    : { ok: false, problem: refusal(looking, problems) };
}

/** What the file of a version is, and whether it is what the version says. Where no engine can look, it is believed. */
export async function inspectBlob(
  world: World,
  { version, blob }: { readonly version: ModelVersion; readonly blob: Blob },
  signal: AbortSignal,
): Promise<Result<Inspection | undefined>> {
  const said = await lookInto(world, { blob, name: fileName(version) }, signal);
  const mismatch = said.ok && said.value !== undefined ? asWanted(version, said.value) : undefined;
  return mismatch === undefined ? said : { ok: false, problem: mismatch };
}

type Inspect = (digest: string, name: string, signal: AbortSignal) => Promise<Result<Inspection>>;

/** The same look at a file that no version names yet: one that was just pushed. */
export function createInspect(world: World): Inspect {
  return async (digest, name, signal) => {
    const blob = await world.blobs.stat(digest);
    if (blob === undefined)
      return { ok: false, problem: problem('not_found', `There is no file ${digest}.`) };
    const said = await lookInto(world, { blob, name }, signal);
    if (!said.ok) return said;
    return said.value === undefined
      ? { ok: false, problem: problem('not_a_model', 'No engine here loads files.') }
      : { ok: true, value: said.value };
  };
}
