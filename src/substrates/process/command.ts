import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Program {
  /** File URL. */
  readonly entry: string;
  readonly args: readonly string[];
}

/** Arguments for Node: built programs run as they are, sources through the project's own tsx. */
export function nodeArguments({ entry, args }: Program): readonly string[] {
  const path = fileURLToPath(entry);
  if (!path.endsWith('.ts')) return [path, ...args];
  const tsx = pathToFileURL(createRequire(entry).resolve('tsx')).href;
  return ['--import', tsx, '--conditions=source', path, ...args];
}
