import { expect, test } from 'vitest';
import { createSources } from './index.ts';

test('every source stands under the scheme of its addresses', () => {
  const sources = createSources({ hubUrl: 'https://hub.example' });
  expect([...sources.keys()]).toEqual(['file', 'https', 'http', 'hf']);
  for (const [scheme, source] of sources) expect(source.scheme).toBe(scheme);
});
