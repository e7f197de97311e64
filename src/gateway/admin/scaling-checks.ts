import type { Deployment, Problem } from '#schema';
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

/** Times that are never in force, and minimums that nothing can reach. */
function checkSchedule({ replicas: { max = Infinity }, scaling }: Spec): Problem | undefined {
  for (const [index, { from, to, min }] of (scaling?.schedule ?? []).entries()) {
    const param = `spec.scaling.schedule[${index}]`;
    if (from === to)
      return refusal(`${param}.to`, `"${param}" ends when it begins. Two entries make a whole day.`);
    if (min > max) return refusal(`${param}.min`, `"${param}.min" is more than "spec.replicas.max", ${max}.`);
  }
  return undefined;
}

/** A band upside down would add a replica and take it away again for ever. */
function checkBand(scaling: Spec['scaling']): Problem | undefined {
  const isBand = scaling?.policy === 'band' || scaling?.shadow?.policy === 'band';
  if (!isBand || scaling.downAt < scaling.upAt) return undefined;
  return refusal('spec.scaling.downAt', '"spec.scaling.downAt" must be smaller than "spec.scaling.upAt".');
}

/** What a deployment says of its replicas that cannot be, or can never come true. */
export function checkScaling(spec: Spec): Problem | undefined {
  return checkReplicas(spec) ?? checkSchedule(spec) ?? checkBand(spec.scaling);
}
