import { afterEach, beforeEach } from 'vitest';
import {
  call,
  makeHome,
  readyReplica,
  removeHome,
  startPlatform,
  type PlatformOptions,
  type RunningPlatform,
} from './platform.ts';

/** What a test starts and leaves to be cleaned up after it. */
export interface Scene {
  /** A home directory of its own, removed after the test. */
  readonly home: () => string;
  /** A platform, stopped after the test, in a home of its own where none is given. */
  readonly up: (options?: PlatformOptions) => Promise<RunningPlatform>;
}

/** Called once in a file of tests: every test of it has a scene of its own. */
export function sceneOfEachTest(): Scene {
  let homes = new Set<string>();
  let running: RunningPlatform[] = [];
  beforeEach(() => {
    homes = new Set();
    running = [];
  });
  afterEach(async () => {
    for (const platform of running) await platform.stop();
    for (const home of homes) removeHome(home);
  });
  return {
    home() {
      const home = makeHome();
      homes.add(home);
      return home;
    },
    async up(options = {}) {
      const home = options.home ?? makeHome();
      const platform = await startPlatform({ ...options, home });
      homes.add(home);
      running.push(platform);
      return platform;
    },
  };
}

/** A model, a version and a deployment of one name, run by the scripted engine unless `spec` says otherwise. */
export async function applyFake(platform: RunningPlatform, name: string, spec: object = {}): Promise<void> {
  const version = { model: name, version: '1' };
  const { status, body } = await call(platform, 'POST /api/v1/apply', {
    resources: [
      { kind: 'Model', metadata: { name }, spec: {} },
      { kind: 'ModelVersion', metadata: { name: `${name}.1` }, spec: { ...version, source: 'none' } },
      { kind: 'Deployment', metadata: { name }, spec: { ...version, engine: { name: 'fake' }, ...spec } },
    ],
  });
  if (status !== 200) throw new Error(`The apply was refused: ${JSON.stringify(body)}`);
}

/** The same with options of the engine, once it answers. */
export async function deployFake(
  platform: RunningPlatform,
  name: string,
  options: object = {},
): Promise<void> {
  await applyFake(platform, name, { engine: { name: 'fake', options } });
  await readyReplica(platform, name);
}
