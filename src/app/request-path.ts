import type { Log } from '#contracts';
import {
  createDispatch,
  createFallbackDispatch,
  createSteppedDispatch,
  type Dispatch,
  type DispatchDeps,
} from '#dispatch';
import { createThreadSteps } from '#steps';

/** Dispatch with everything around it: each attempt along a chain of fallbacks has the steps of its own deployment. */
export function composeRequestPath(deps: DispatchDeps & { readonly log: Log }): Dispatch {
  const steps = createThreadSteps(deps);
  const stepped = createSteppedDispatch(createDispatch(deps), { ...deps, steps });
  const dispatch = createFallbackDispatch(stepped, deps);
  return {
    ...dispatch,
    async drain() {
      await dispatch.drain();
      await steps.close();
    },
  };
}
