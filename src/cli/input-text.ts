import { readFile } from 'node:fs/promises';
import { readAll, type Terminal } from './terminal.ts';
import { unreadable } from './unreadable.ts';

/** The text of a file; `-` is what was piped in. */
export async function inputText(path: string, { input }: Pick<Terminal, 'input'>): Promise<string> {
  if (path === '-') return readAll(input);
  try {
    return await readFile(path, 'utf8');
  } catch (fault) {
    throw unreadable(path, fault);
  }
}

/** How a complaint about it begins. */
export function inputName(path: string): string {
  return path === '-' ? 'standard input' : path;
}
