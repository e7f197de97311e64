import type { LoadReading } from '#contracts';

/** What a gateway reads where nothing has come yet: four places, and nobody in them. */
export const noLoad: LoadReading = {
  places: 4,
  arrivedWorkMs: 0,
  takenMs: 0,
  inside: 0,
  waiting: 0,
  waitingWorkMs: 0,
  begun: 0,
  firstByteMs: 0,
  due: 0,
  late: 0,
};
