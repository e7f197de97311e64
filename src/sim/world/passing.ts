import { turn } from '../clock/turn.ts';
import type { World } from './world.ts';

/** Fires what is next; what the control plane has to do because of it is done before the next. */
async function step({ clock, controlled }: World): Promise<void> {
  clock.step();
  if (controlled?.wasTouched() === true) await turn();
}

/** Lets time pass until then. */
export async function passUntil(world: World, untilMs: number): Promise<void> {
  const { clock, controlled } = world;
  if (controlled !== undefined)
    for (let at = clock.nextMs(); at !== undefined && at <= untilMs; at = clock.nextMs()) await step(world);
  clock.runUntil(untilMs);
}

/** Lets time pass while requests are inside, but not beyond then. */
export async function passUntilEmpty(world: World, untilMs: number): Promise<void> {
  const { clock, dispatch } = world;
  while (dispatch.inFlight() > 0 && (clock.nextMs() ?? Infinity) < untilMs) await step(world);
}
