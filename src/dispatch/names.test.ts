import { describe, expect, it } from 'vitest';
import { resourceSchemas, type Resource } from '#schema';
import { createDirectory } from './directory.ts';
import { unknownModel } from './refusals.ts';

function deployment(name: string, version: string): Resource {
  return resourceSchemas.Deployment.parse({
    kind: 'Deployment',
    metadata: { name },
    spec: { model: 'tiny', version },
  });
}

function alias(name: string, target: string): Resource {
  return resourceSchemas.Alias.parse({ kind: 'Alias', metadata: { name }, spec: { deployment: target } });
}

function tenant(name: string, models: Record<string, string>): Resource {
  return resourceSchemas.Tenant.parse({ kind: 'Tenant', metadata: { name }, spec: { models } });
}

function createStage(...resources: Resource[]) {
  const directory = createDirectory({ headersOf: () => [] });
  const put = (...more: Resource[]): void => {
    for (const resource of more) directory.apply({ type: 'put', resource });
  };
  put(...resources);
  return {
    directory,
    put,
    gone: (resource: Resource) => directory.apply({ type: 'deleted', resource }),
    served: (model: string, asker?: string) => directory.resolve(model, asker)?.label,
  };
}

describe('what clients may call a deployment', () => {
  it('follows an alias from the next request on, and forgets it', () => {
    const stage = createStage(deployment('chat', '1'), deployment('next', '2'), alias('chat-prod', 'chat'));
    expect(stage.served('chat-prod')).toBe('tiny@1');
    stage.put(alias('chat-prod', 'next'));
    expect(stage.served('chat-prod')).toBe('tiny@2');
    stage.gone(alias('chat-prod', 'next'));
    expect(stage.served('chat-prod')).toBeUndefined();
  });

  it('takes an alias before the name of a model, and a deployment before both', () => {
    const stage = createStage(deployment('chat', '1'), deployment('next', '2'), alias('tiny', 'next'));
    expect(stage.served('tiny')).toBe('tiny@2');
    stage.put(deployment('tiny', '3'));
    expect(stage.served('tiny')).toBe('tiny@3');
  });

  it('is another thing for a tenant that has names of its own, even where two change places', () => {
    const stage = createStage(
      deployment('chat', '1'),
      deployment('next', '2'),
      alias('chat-prod', 'chat'),
      tenant('acme', { chat: 'next', next: 'chat', 'chat-prod': 'tiny@2', ours: 'chat-prod' }),
    );
    const served = (asker?: string) =>
      ['chat', 'next', 'chat-prod', 'ours'].map((name) => stage.served(name, asker));
    expect(served('acme')).toEqual(['tiny@2', 'tiny@1', 'tiny@2', 'tiny@1']);
    expect(served('others')).toEqual(['tiny@1', 'tiny@2', 'tiny@1', undefined]);
    expect(served()).toEqual(served('others'));
    expect(stage.directory.names.known('acme')).toContain('ours');
    stage.put(tenant('acme', {}));
    expect(served('acme')).toEqual(served('others'));
  });

  it('tells who asks for what is not served which versions are', () => {
    const { directory } = createStage(
      deployment('chat', '1'),
      deployment('copy', '1'),
      tenant('acme', { chat: 'tiny@9' }),
    );
    expect(unknownModel({ model: 'tiny@9', tenant: 'others' }, directory).message).toBe(
      'No deployment serves the model "tiny@9". There are: tiny@1.',
    );
    expect(unknownModel({ model: 'chat', tenant: 'acme' }, directory).message).toContain(
      '"tiny@9", which "chat" stands for',
    );
    expect(unknownModel({ model: 'gpt', tenant: 'others' }, directory).message).toContain(
      'There are: chat, copy.',
    );
  });
});
