import { problem, ProblemError } from '#schema';
import { fileLines, replayRecording, type Replay } from '#sim';
import type { Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { unreadable } from '../unreadable.ts';

/** Decisions are long; what differs shows at a glance. */
const shownMax = 400;

function shown(text: string): string {
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}

function replayText({ inputs, deeds, equal, difference, spanMs }: Replay): string {
  const counted = `${inputs.toLocaleString('en-US')} inputs over ${Math.round(spanMs / 1000)} s; ${equal.toLocaleString('en-US')} of ${deeds.toLocaleString('en-US')} decisions came out the same`;
  if (difference === undefined) return `${counted}.`;
  const { line, recorded, replayed } = difference;
  return [
    `${counted}, up to the first difference:`,
    `line ${line}`,
    `  recorded ${shown(recorded)}`,
    `  replayed ${shown(replayed)}`,
  ].join('\n');
}

/** A last line without an end was cut when the platform died. */
function* endedLines(path: string): Generator<string, undefined> {
  for (const { text, isEnded } of fileLines(path)) if (isEnded) yield text;
  return undefined;
}

/** Tells a recording again and says whether the same was decided. */
export function replayFile(context: Context, path: string): void {
  let replay: Replay;
  try {
    replay = replayRecording(endedLines(path));
  } catch (fault) {
    if (fault instanceof Error && 'syscall' in fault) throw unreadable(path, fault);
    throw new UsageError(`${path}: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
  context.result({ ...replay, difference: replay.difference ?? null }, replayText(replay));
  if (replay.difference === undefined) return;
  const message = `The recording was decided otherwise from line ${replay.difference.line} on.`;
  throw new ProblemError(problem('internal', message));
}
