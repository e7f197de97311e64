import { describe, expect, it } from 'vitest';
import { problem, resourceSchemas } from '#schema';
import type { Ask, AskListener } from './ask.ts';
import { createDirectory } from './directory.ts';
import type { Dispatch } from './dispatch.ts';
import { createInformedDispatch } from './informed.ts';

const chat = resourceSchemas.Deployment.parse({
  kind: 'Deployment',
  metadata: { name: 'chat' },
  spec: { model: 'tiny', version: '1' },
});

/** A process that has not heard of `chat` yet; `tell` is the moment when it has heard of everything. */
function createStage({ exists = true } = {}) {
  let tell: (() => void) | undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const directory = createDirectory({
    headersOf: () => [],
    async catchUp() {
      await told;
      if (exists) directory.apply({ type: 'put', resource: chat });
    },
  });
  const story: string[] = [];
  const inner: Pick<Dispatch, 'submit' | 'inFlight' | 'drain' | 'loads'> = {
    submit({ model, tenant }, listener) {
      const route = directory.resolve(model, tenant);
      story.push(`asked ${route?.deployment}`);
      if (route === undefined) listener.failed(problem('model_not_found'));
      return { cancel: () => story.push('cancelled'), resume: () => undefined };
    },
    inFlight: () => 0,
    loads: Object({}),
    drain: async () => Promise.resolve(void story.push('drained')),
  };
  const listener: AskListener = {
    started: () => undefined,
    received: () => true,
    ended: () => undefined,
    failed: ({ code }) => void story.push(code),
  };
  const ask: Ask = Object({ model: 'chat', tenant: 'acme' });
  const dispatch = createInformedDispatch(inner, { directory });
  return { dispatch, story, tell: () => tell?.(), submit: () => dispatch.submit(ask, listener) };
}

describe('a request for a model that was deployed elsewhere a moment ago', () => {
  it('waits until that is known here, and is served', async () => {
    const { dispatch, story, tell, submit } = createStage();
    submit();
    expect([story, dispatch.inFlight()]).toEqual([[], 1]);
    tell();
    await dispatch.drain();
    submit();
    expect([story, dispatch.inFlight()]).toEqual([['asked chat', 'drained', 'asked chat'], 0]);
  });

  it('is refused when nobody has heard of it', async () => {
    const { dispatch, story, tell, submit } = createStage({ exists: false });
    submit();
    tell();
    await dispatch.drain();
    expect(story).toEqual(['asked undefined', 'model_not_found', 'drained']);
  });

  it('is not asked for when it was cancelled meanwhile, and cancelled when it was', async () => {
    const { dispatch, story, tell, submit } = createStage();
    submit().cancel();
    const other = submit();
    tell();
    await dispatch.drain();
    other.cancel();
    expect(story).toEqual(['asked chat', 'drained', 'cancelled']);
  });
});
