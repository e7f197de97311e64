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

/** A guess from the speed so far, once there is enough of it to guess from. */
function estimateMs({ fraction, remainingMs }: Step, elapsedMs: number): number | undefined {
  if (remainingMs !== undefined) return remainingMs;
  if (fraction === undefined || fraction <= 0.01 || elapsedMs < 500) return undefined;
  return (elapsedMs * (1 - fraction)) / fraction;
}

function restText(step: Step, elapsedMs: number): string {
  const restMs = estimateMs(step, elapsedMs);
  const rest = restMs === undefined || step.fraction === 1 ? '' : `${durationText(restMs)} left`;
  return [step.detail ?? '', rest].filter((part) => part !== '').join(', ');
}

function createBar({ terminal }: Context): Progress {
  const startedMs = terminal.nowMs();
  let bar: SingleBar | undefined;
  return {
    show: (step) => {
      if (bar === undefined) {
        const format = '{label} [{bar}] {percentage}% {rest}';
        bar = new SingleBar({ format, hideCursor: true, clearOnComplete: true }, Presets.shades_classic);
        bar.start(1000, 0, { label: step.label, rest: '' });
      }
      const rest = restText(step, terminal.nowMs() - startedMs);
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
  const startedMs = terminal.nowMs();
  let said: { readonly label: string; readonly fraction: number; readonly atMs: number } | undefined;
  return {
    show: (step) => {
      const nowMs = terminal.nowMs();
      const fraction = step.fraction ?? 0;
      const news =
        said === undefined ||
        said.label !== step.label ||
        fraction - said.fraction >= lineEveryFraction ||
        (nowMs - said.atMs >= lineEveryMs && fraction > said.fraction);
      if (!news) return;
      said = { label: step.label, fraction, atMs: nowMs };
      const rest = restText(step, nowMs - startedMs);
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
