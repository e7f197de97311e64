import { z } from 'zod';
import { lastLines } from './logs.ts';

/** How a process ended, as far as we know. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Where a process was adopted, its parent was somebody else, and only the parent learns how it ended. */
export async function reasonOf(ending: Ending | undefined, logPath: string): Promise<string> {
  const how = describe(ending);
  const [line] = await lastLines(logPath, 1);
  return line === undefined || line.trim() === '' ? how : `${how}; last line: ${plainText(line)}`;
}

function describe(ending: Ending | undefined): string {
  if (ending === undefined) return 'ended (how is unknown: it was started by an earlier process)';
  return ending.signal === null ? `exited with code ${ending.code}` : `killed by ${ending.signal}`;
}

const logLine = z.looseObject({ event: z.string().optional(), message: z.string() });
const lengthMax = 400;

/** Workers write JSON lines; people read the message. */
function plainText(line: string): string {
  const text = messageOf(line) ?? line;
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > lengthMax ? `${flat.slice(0, lengthMax)}…` : flat;
}

function messageOf(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const content: unknown = JSON.parse(line);
    return logLine.safeParse(content).data?.message;
  } catch {
    return undefined;
  }
}
