/** Classes of requests, the most important first. */
export const priorities = ['critical', 'standard', 'batch'] as const;

export type Priority = (typeof priorities)[number];

export function isPriority(word: string): word is Priority {
  return (priorities as readonly string[]).includes(word);
}

/** What a caller gets that asks for `asked` and may have `highest`: the less important of the two. */
export function boundedPriority(asked: Priority, highest: Priority): Priority {
  return priorities.indexOf(asked) < priorities.indexOf(highest) ? highest : asked;
}
