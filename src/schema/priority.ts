/** Classes of requests, the most important first. */
export const priorities = ['critical', 'standard', 'batch'] as const;

export type Priority = (typeof priorities)[number];

export function isPriority(word: string): word is Priority {
  return (priorities as readonly string[]).includes(word);
}
