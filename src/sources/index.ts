import type { Source } from '#contracts';
export function createSources(_deps: { hubUrl: string; token: string | undefined }): ReadonlyMap<string, Source> {
  return new Map();
}
