/** Deeper than anybody means it. What is done to JSON level by level would run out of stack. */
export const jsonLevelsMax = 500;

/** Whether there are more levels of lists and objects in it than anything here follows. */
export function isTooDeep(value: unknown, levels = jsonLevelsMax): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const inside: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return inside.some((each) => isTooDeep(each, levels - 1));
}

export const tooDeep = `it is nested deeper than ${jsonLevelsMax} levels`;
