import type { Log } from '#contracts';
import {
  createDispatch,
  createFallbackDispatch,
  createSteppedDispatch,
  type Dispatch,
  type DispatchDeps,
  type Recorder,
} from '#dispatch';
import { createThreadSteps } from '#steps';

/** Dispatch with everything around it: each attempt along a chain of fallbacks has the steps of its own deployment. */
export function composeRequestPath(
  deps: DispatchDeps & { readonly log: Log; readonly recorder: Recorder | undefined },
): Dispatch {
  const steps = createThreadSteps(deps);
  const inner = deps.recorder?.dispatch(deps) ?? createDispatch(deps);
  const stepped = createSteppedDispatch(inner, { ...deps, steps });
  const dispatch = createFallbackDispatch(stepped, deps);
  return {
    ...dispatch,
    async drain() {
      await dispatch.drain();
      await steps.close();
    },
  };
}
