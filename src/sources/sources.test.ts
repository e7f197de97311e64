import { expect, test } from 'vitest';
import { createSources } from './index.ts';

test('every source stands under the scheme of its addresses', () => {
  const sources = createSources({
    hubUrl: 'https://hub.example',
    s3: { region: 'us-east-1', pathStyle: true },
  });
  expect([...sources.keys()]).toEqual(['file', 'https', 'http', 'hf', 's3']);
  for (const [scheme, source] of sources) expect(source.scheme).toBe(scheme);
});
