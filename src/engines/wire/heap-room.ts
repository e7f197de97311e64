import { setFlagsFromString } from 'node:v8';

/**
 * Lets the heap grow to four times what is alive before all of it is collected: V8's own upper bound, which it goes
 * below where little survives. A gateway's requests leave a little behind each, so that V8 would collect the whole heap
 * every few seconds to win some megabytes, and every open stream would feel it; the buffers of a worker's requests make it
 * do so several times a second, on threads that take the processor from the one that computes (docs/decisions/0038). V8
 * reads this at each collection, and still collects earlier where memory is short or the process idle.
 */
export function giveHeapRoom(): void {
  setFlagsFromString('--heap-growing-percent=300');
}
