import { problems } from '#schema';
import type { Clock } from '#contracts';
import type { Ask, AskListener } from '../ask.ts';
import { UsageReader } from '../usage.ts';
import { createKept, keep, type Kept } from './kept.ts';
import type { Testimony } from './witness.ts';

/** One of two answers to the same request, as far as it is remembered. */
interface Side {
  readonly kept: Kept;
  readonly used: UsageReader;
  status: number;
  queueMs: number;
  firstByteMs: number | undefined;
  paused: boolean;
}

function createSide(): Side {
  return {
    kept: createKept(),
    used: new UsageReader(),
    status: 0,
    queueMs: 0,
    firstByteMs: undefined,
    paused: false,
  };
}

interface SideTerms {
  readonly ask: Ask;
  readonly deployment: string;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Who is to be answered; nobody is when absent. */
  readonly listener: AskListener | undefined;
  readonly over: (told: Testimony) => void;
  /** It came to nothing for reasons that say nothing of the version: there was no room, or no time. */
  readonly lost: () => void;
}

/** Hears an answer, passes it on, and tells at its end what there is to tell of it. Not of what was cancelled. */
export function hearSide({ ask, deployment, clock, listener, over, lost }: SideTerms): AskListener {
  const arrivedMs = clock.monotonicMs();
  const side = createSide();
  function tell(isWhole: boolean): void {
    const { kept, used, status, queueMs, firstByteMs, paused } = side;
    over({
      ask,
      deployment,
      status,
      isWhole,
      firstByteMs,
      tookMs: clock.monotonicMs() - arrivedMs - queueMs,
      paused,
      answerBytes: kept.sizeBytes,
      usage: used.usage,
      kept,
    });
  }
  return {
    borrows: listener === undefined || listener.borrows,
    started(head, chosen) {
      side.status = head.status;
      side.queueMs = chosen.queueMs;
      side.firstByteMs = chosen.firstByteMs - chosen.queueMs;
      listener?.started(head, chosen);
    },
    received(bytes, isLast) {
      side.used.push(bytes);
      keep(side.kept, bytes);
      const goesOn = listener === undefined || listener.received(bytes, isLast);
      if (!goesOn) side.paused = true;
      return goesOn;
    },
    ended() {
      listener?.ended();
      tell(true);
    },
    failed(cause) {
      side.status = problems[cause.code].status;
      listener?.failed(cause);
      if (cause.code === 'replica_failed') tell(false);
      else lost();
    },
  };
}
