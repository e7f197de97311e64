/** What programs need of their surroundings to run at all; no secret goes under these names. */
const inherited = [
  'PATH',
  'HOME',
  'LANG',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
  'HIP_VISIBLE_DEVICES',
] as const;

/** The environment of replicas: a few names of ours, never the rest. */
export function inheritedEnvironment(): Readonly<Record<string, string>> {
  const entries = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
