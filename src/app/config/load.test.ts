import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, type LoadedConfig } from './load.ts';
import { configLeaves } from './leaves.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-config-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(text: string): string {
  const path = join(folder, 'millrace.yaml');
  writeFileSync(path, text);
  return path;
}

function loaded(input: Parameters<typeof loadConfig>[0]): LoadedConfig {
  const result = loadConfig({ env: {}, ...input });
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

function refusal(input: Parameters<typeof loadConfig>[0]): string {
  const result = loadConfig({ env: {}, ...input });
  return result.ok ? '' : result.problem.message;
}

describe('configuration', () => {
  it('is complete without a file, an environment or flags', () => {
    const { config, origins } = loaded({});
    expect(config.listen).toBe('127.0.0.1:8080');
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
  });

  it('takes flags before the environment before the file, and remembers where each value came from', () => {
    const file = fileWith(
      'listen: 127.0.0.1:1\nlogLevel: warn\nlimits:\n  bodyBytes: 2048\n  connections: 5\n',
    );
    const env = { MILLRACE_LISTEN: '127.0.0.1:2', MILLRACE_LIMITS_BODY_BYTES: '4096' };
    const { config, origins } = loaded({ file, env, flags: { listen: '127.0.0.1:3' } });
    expect(config).toMatchObject({
      listen: '127.0.0.1:3',
      logLevel: 'warn',
      limits: { bodyBytes: 4096, connections: 5 },
    });
    expect(origins).toMatchObject({
      listen: 'flag',
      'limits.bodyBytes': 'environment',
      'limits.connections': 'file',
      'limits.inFlight': 'default',
    });
  });

  it('can be set through the environment in every property', () => {
    expect(configLeaves.map((leaf) => leaf.variable)).toContain('MILLRACE_LIMITS_SLOW_CLIENT_MS');
    expect(loaded({ env: { MILLRACE_DEMO: 'false' } }).config.demo).toBe(false);
    const stream = { topic: 'prompts', tenant: 'blue' };
    const kafka = {
      MILLRACE_KAFKA_BROKERS: 'one:9092, two:9092',
      MILLRACE_KAFKA_STREAMS: JSON.stringify([stream]),
    };
    const brokers = ['one:9092', 'two:9092'];
    expect(loaded({ env: kafka }).config.kafka).toMatchObject({ brokers, streams: [stream] });
  });

  it('can be set by flags in every property, each read as what the property is', () => {
    const flags = {
      'cluster.node': '12',
      'limits.inFlight': '5',
      demo: 'false',
      'kafka.brokers': 'one:9092',
    };
    expect(loaded({ flags }).config).toMatchObject({
      cluster: { node: '12' },
      limits: { inFlight: 5 },
      demo: false,
      kafka: { brokers: ['one:9092'] },
    });
    expect(refusal({ flags: { 'limits.inFlight': 'x' } })).toContain('must be a number, not "x"');
    expect(refusal({ flags: { 'kafka.brokers': '[{' } })).toContain('must be a list, not "[{"');
  });

  it('tells of variables that were probably meant, and of no others', () => {
    const env = {
      MILLRACE_LISTN: 'x',
      MILLRACE_LIMITS_INFLIGHT: '1',
      MILLRACE_PORT: 'tcp://10.0.0.1:80',
      MILLRACE_SERVICE_HOST: '10.0.0.1',
      MILLRACE_POSTGRES_URL: 'postgres://x',
      MILLRACE_URL: 'http://x',
    };
    expect(loaded({ env }).warnings).toEqual([
      'MILLRACE_LISTN is set, but nothing reads it. Did you mean MILLRACE_LISTEN?',
      'MILLRACE_LIMITS_INFLIGHT is set, but nothing reads it. Did you mean MILLRACE_LIMITS_IN_FLIGHT?',
    ]);
  });

  it('names the property, the origin and the fault when a value does not fit', () => {
    expect(refusal({ env: { MILLRACE_LIMITS_BODY_BYTES: 'many' } })).toMatch(
      /"limits\.bodyBytes" must be a number.* It comes from the environment\./,
    );
    expect(refusal({ file: fileWith('lisen: x\n') })).toMatch(
      /"lisen" is not a known field\. Did you mean "listen"\? It comes from the file\./,
    );
    expect(refusal({ file: fileWith('a: [') })).toContain('is not YAML');
    expect(refusal({ file: join(folder, 'absent.yaml') })).toContain('Cannot read');
  });

  it('does not listen beyond loopback without TLS unless told to', () => {
    expect(refusal({ flags: { listen: '0.0.0.0:8080' } })).toContain('--insecure');
    expect(loaded({ flags: { listen: '0.0.0.0:8080', insecure: true } }).config.insecure).toBe(true);
    expect(loaded({ flags: { listen: '[::1]:8080' } }).config.listen).toBe('[::1]:8080');
  });

  it('is frozen all the way down', () => {
    const { config } = loaded({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.limits)).toBe(true);
  });
});
