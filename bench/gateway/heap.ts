import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'undici';
import { z } from 'zod';

const targets = z.array(z.object({ webSocketDebuggerUrl: z.string() })).min(1);
const reply = z.object({ id: z.number(), result: z.unknown() });
const heapUsage = z.object({ usedSize: z.number() });

/** Node opens its inspector when it is sent this signal, so nothing measured before knows of it. */
async function findInspector(pid: number, port: number): Promise<string> {
  process.kill(pid, 'SIGUSR1');
  for (let tries = 0; tries < 100; tries += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
    if (response?.ok === true) return targets.parse(await response.json())[0]?.webSocketDebuggerUrl ?? '';
    await delay(50);
  }
  throw new Error('the inspector did not open');
}

/** The heap of another Node process. */
export interface Heap {
  /** Collects everything that nobody holds any more; gives the MiB that are left. */
  collect(): Promise<number>;
  close(): void;
}

/** Of a process that was started with `--inspect-port`. */
export async function openHeap(pid: number, inspectPort: number): Promise<Heap> {
  const socket = new WebSocket(await findInspector(pid, inspectPort));
  await once(socket, 'open');
  let calls = 0;
  async function ask(method: string): Promise<unknown> {
    const id = (calls += 1);
    socket.send(JSON.stringify({ id, method }));
    const [event] = z.tuple([z.object({ data: z.string() })]).parse(await once(socket, 'message'));
    const answer = reply.parse(JSON.parse(event.data));
    assert(answer.id === id, 'one question at a time');
    return answer.result;
  }
  return {
    async collect() {
      await ask('HeapProfiler.collectGarbage');
      return heapUsage.parse(await ask('Runtime.getHeapUsage')).usedSize / 2 ** 20;
    },
    close() {
      socket.close();
    },
  };
}
