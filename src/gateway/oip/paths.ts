/** What a path of the Open Inference Protocol asks for. */
export type OipPath =
  | { readonly kind: 'server' }
  | {
      readonly kind: 'metadata' | 'ready' | 'infer';
      readonly model: string;
      readonly version: string | undefined;
    };

const modelPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/;
/** Longer than any name a deployment can have. */
const nameCharactersMax = 512;

/** Reads a path without its query; undefined where there is nothing. */
export function readOipPath(path: string): OipPath | undefined {
  if (path === '/v2' || path === '/v2/') return { kind: 'server' };
  const found = path.length > 2 * nameCharactersMax ? null : modelPath.exec(path);
  if (found === null) return undefined;
  const [, name = '', numbered, what] = found;
  try {
    const version = numbered === undefined ? undefined : decodeURIComponent(numbered);
    const kind = what === 'ready' || what === 'infer' ? what : 'metadata';
    return { kind, model: decodeURIComponent(name), version };
  } catch {
    // A percent sign that begins no character.
    return undefined;
  }
}
