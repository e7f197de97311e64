import { leastWork } from '#policies';

/** What routing remembers of a deployment. */
export interface Choosing {
  turn: number;
}

export function createChoosing(): Choosing {
  return { turn: leastWork.begin() };
}
