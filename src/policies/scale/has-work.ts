import type { ScaleLoad } from './input.ts';

/** Whether anybody is inside, or came since the last decision. */
export function hasWork({ occupied, offered }: ScaleLoad): boolean {
  return occupied > 0 || offered > 0;
}
