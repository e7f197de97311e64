import { resourcesOf, startPlatform } from '../harness/platform.ts';
import { cores, freePort } from '../harness/process.ts';
import type { Peer } from './peer.ts';

/** The whole platform with keys, limits, accounting and metrics on, in front of the upstream as an `openai` engine. */
export const millrace: Peer = {
  name: 'millrace',
  async start(upstream) {
    const inspectPort = await freePort();
    const inspect = `--inspect-port=127.0.0.1:${inspectPort}`;
    const platform = await startPlatform(cores.gateway, [], [inspect]);
    const url = `http://127.0.0.1:${upstream}`;
    const engine = { name: 'openai', options: { url, concurrency: 4096 } };
    await platform.apply(resourcesOf({ name: 'bench', source: 'none', engine }));
    await platform.ready('bench');
    return { ...platform, inspectPort, headers: [`Authorization: Bearer ${platform.key}`] };
  },
};
