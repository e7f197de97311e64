import { createDispatch, createFallbackDispatch, type Dispatch, type DispatchDeps } from '#dispatch';

/** Dispatch with everything around it: fallbacks outermost. */
export function composeRequestPath(deps: DispatchDeps): Dispatch {
  return createFallbackDispatch(createDispatch(deps), deps);
}
