function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The JSON merge patch (RFC 7396) that leads from one value to another; undefined when they are equal. Sent instead
 * of the whole resource it does not undo what others changed elsewhere in it.
 */
export function mergePatchBetween(before: unknown, after: unknown): unknown {
  if (!isRecord(before) || !isRecord(after))
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const patch = mergePatchBetween(before[name], value);
    return patch === undefined ? [] : [[name, patch] as const];
  });
  const gone = Object.keys(before).filter((name) => !(name in after));
  const patch = Object.fromEntries([...changed, ...gone.map((name) => [name, null] as const)]);
  return Object.keys(patch).length === 0 ? undefined : patch;
}
