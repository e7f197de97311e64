import { Presets, SingleBar } from 'cli-progress';
import type { Context } from './context.ts';
import { bytesText, durationText, percentText } from './format/units.ts';

export interface Step {
  /** What is being waited for right now. */
  readonly label: string;
  /** 0 to 1; absent while it is not known. */
  readonly fraction?: number | undefined;
  /** How long the rest should take, where someone knows better than a guess from the speed so far. */
  readonly remainingMs?: number | undefined;
  /** Shown beside the bar, for example how many bytes. */
  readonly detail?: string | undefined;
}

/** Tells people how far long work is: a bar on a terminal, a line now and then elsewhere, nothing with `--json`. */
export interface Progress {
  show(step: Step): void;
  /** Takes the bar away; the outcome is said by the caller. */
  end(): void;
}

const quiet: Progress = { show: () => undefined, end: () => undefined };

/** Where the work stood when it was first seen: what was done before then says nothing about the speed. */
interface Beginning {
  readonly fraction: number;
  readonly atMs: number;
}

/** A guess from the speed so far, once there is enough of it to guess from. */
function estimateMs(
  { fraction, remainingMs }: Step,
  beginning: Beginning,
  nowMs: number,
): number | undefined {
  if (remainingMs !== undefined) return remainingMs;
  const elapsedMs = nowMs - beginning.atMs;
  const done = (fraction ?? 0) - beginning.fraction;
  if (fraction === undefined || done <= 0.01 || elapsedMs < 500) return undefined;
  return (elapsedMs * (1 - fraction)) / done;
}

/** Tells what is beside the percentage: how much, and how long the rest should take. */
function createRest(): (step: Step, nowMs: number) => string {
  let begun: (Beginning & { readonly label: string }) | undefined;
  return (step, nowMs) => {
    const fraction = step.fraction ?? 0;
    if (begun?.label !== step.label || fraction < begun.fraction)
      begun = { label: step.label, fraction, atMs: nowMs };
    const restMs = step.fraction === 1 ? undefined : estimateMs(step, begun, nowMs);
    const rest = restMs === undefined ? '' : `${durationText(restMs)} left`;
    return [step.detail ?? '', rest].filter((part) => part !== '').join(', ');
  };
}

function createBar({ terminal }: Context): Progress {
  const restText = createRest();
  let bar: SingleBar | undefined;
  return {
    show: (step) => {
      if (bar === undefined) {
        // Cursor and wrapping stay as they are: Ctrl-C ends us at once, and nobody would put them back.
        bar = new SingleBar(
          {
            format: '{label} [{bar}] {percentage}% {rest}',
            barsize: Math.min(40, Math.ceil(terminal.columns('err') / 3)),
            linewrap: true,
            clearOnComplete: true,
            stream: terminal.err,
          },
          Presets.shades_classic,
        );
        bar.start(1000, 0, { label: step.label, rest: '' });
      }
      const rest = restText(step, terminal.nowMs());
      bar.update(Math.round((step.fraction ?? 0) * 1000), { label: step.label, rest });
    },
    end: () => {
      bar?.stop();
      bar = undefined;
    },
  };
}

/** At least so long, or so much, between two lines. */
const lineEveryMs = 5_000;
const lineEveryFraction = 0.1;

function createLines({ terminal }: Context): Progress {
  const restText = createRest();
  let said: { readonly label: string; readonly fraction: number; readonly atMs: number } | undefined;
  return {
    show: (step) => {
      const nowMs = terminal.nowMs();
      const fraction = step.fraction ?? 0;
      const rest = restText(step, nowMs);
      const news =
        said === undefined ||
        said.label !== step.label ||
        fraction - said.fraction >= lineEveryFraction ||
        (nowMs - said.atMs >= lineEveryMs && fraction > said.fraction);
      if (!news) return;
      said = { label: step.label, fraction, atMs: nowMs };
      const percent = step.fraction === undefined ? '' : ` ${percentText(fraction)}`;
      terminal.err.write(`${step.label}${percent}${rest === '' ? '' : ` (${rest})`}\n`);
    },
    end: () => undefined,
  };
}

export function createProgress(context: Context): Progress {
  if (context.options.json === true) return quiet;
  return context.terminal.errIsTerminal ? createBar(context) : createLines(context);
}

export function bytesOfBytes(doneBytes: number, sizeBytes: number): string {
  return `${bytesText(doneBytes)} of ${bytesText(sizeBytes)}`;
}
