import { pathText, scalingFault, type Deployment, type Problem } from '#schema';
import { refusal } from './refusal.ts';

type Spec = Deployment['spec'];

/** Whoever scales says how far: by itself nothing grows beyond what somebody thought of. */
function checkReplicas({ replicas: { min, max }, scaling }: Spec): Problem | undefined {
  const at = 'spec.replicas.max';
  if (max !== undefined && max < min)
    return refusal(at, '"spec.replicas.max" must not be smaller than "spec.replicas.min".');
  if (max !== undefined || min === 0 || scaling === undefined || scaling.policy === 'fixed') return undefined;
  return refusal(
    at,
    `"spec.scaling" needs "spec.replicas.max": without it the number stays at "spec.replicas.min", ${min}.`,
  );
}

function checkPolicy({ replicas: { max = Infinity }, scaling }: Spec): Problem | undefined {
  const fault = scaling && scalingFault(scaling, max);
  if (fault === undefined) return undefined;
  const param = pathText(['spec', ...fault.path]);
  return refusal(param, `"${param}" ${fault.message}.`);
}

/** What a deployment says of its replicas that cannot be, or can never come true. */
export function checkScaling(spec: Spec): Problem | undefined {
  return checkReplicas(spec) ?? checkPolicy(spec);
}
