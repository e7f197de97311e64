import type { Log } from '#contracts';
import {
  createDispatch,
  createFallbackDispatch,
  createSteppedDispatch,
  type Dispatch,
  type DispatchDeps,
  type Recorder,
} from '#dispatch';
import { createThreadScorer, createThreadSteps } from '#steps';

/** Dispatch with everything around it: each attempt along a chain of fallbacks has the steps of its own deployment. */
export function composeRequestPath(
  deps: DispatchDeps & { readonly log: Log; readonly recorder: Recorder | undefined },
): Dispatch {
  const steps = createThreadSteps(deps);
  const scorer = createThreadScorer(deps);
  const judged = { ...deps, scorer };
  const inner = deps.recorder?.dispatch(judged) ?? createDispatch(judged);
  const stepped = createSteppedDispatch(inner, { ...deps, steps });
  const dispatch = createFallbackDispatch(stepped, deps);
  return {
    ...dispatch,
    async drain() {
      await dispatch.drain();
      await Promise.all([steps.close(), scorer.close()]);
    },
  };
}
