import { describe, expect, it } from 'vitest';
import type { RequestSample } from '#contracts';
import { createRequestSeries } from './request-series.ts';

const sample: RequestSample = {
  endpoint: '/v1/chat/completions',
  deployment: 'demo',
  tenant: 'default',
  status: 200,
  queueMs: 0,
  firstByteMs: 3,
  totalMs: 70,
  promptTokens: 5,
  completionTokens: 7,
};

function valueOf(text: string, start: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.split(' ')
    .at(-1);
}

describe('counting requests', () => {
  it('adds up counts, tokens and seconds, buckets cumulative', () => {
    const series = createRequestSeries();
    series.add(sample);
    series.add({ ...sample, totalMs: 300_000 });
    const text = series.exposition();
    const labels = 'endpoint="/v1/chat/completions",deployment="demo",tenant="default",status="200"';
    expect(valueOf(text, `millrace_requests_total{${labels}}`)).toBe('2');
    expect(valueOf(text, `millrace_request_seconds_bucket{${labels},le="0.05"}`)).toBe('0');
    expect(valueOf(text, `millrace_request_seconds_bucket{${labels},le="0.1"}`)).toBe('1');
    expect(valueOf(text, `millrace_request_seconds_bucket{${labels},le="120"}`)).toBe('1');
    expect(valueOf(text, `millrace_request_seconds_bucket{${labels},le="+Inf"}`)).toBe('2');
    expect(valueOf(text, `millrace_request_seconds_sum{${labels}}`)).toBe('300.07');
    expect(text).toMatch(/millrace_tokens_total\{.*kind="completion"\} 14/);
  });

  it('escapes what would break the text format', () => {
    const series = createRequestSeries();
    series.add({ ...sample, tenant: 'a"b\\c\nd' });
    expect(series.exposition()).toContain(String.raw`tenant="a\"b\\c\nd"`);
  });

  it('counts under "other" rather than growing without end', () => {
    const series = createRequestSeries();
    for (let n = 0; n < 5000; n++) series.add({ ...sample, tenant: `t${n}` });
    const lines = series
      .exposition()
      .split('\n')
      .filter((line) => line.startsWith('millrace_requests_total{'));
    expect(lines).toHaveLength(2001);
    const counted = lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    expect(counted).toBe(5000);
  });
});
