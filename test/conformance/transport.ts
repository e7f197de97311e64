import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '#schema';
import { createDeferred } from '../world/deferred.ts';
import type { CallInFlight, ReplyHead, Transport } from '#contracts';

/** What the replica at the other end does with the one call it gets. */
export type ReplicaScript = 'answer' | 'refuse-connection' | 'break-off' | 'stay-silent';

export interface TransportUnderTest {
  readonly transport: Transport;
  readonly endpoint: string;
  /** Resolves once the replica has noticed that its caller went away. */
  readonly abandoned: Promise<void>;
  close(): Promise<void>;
}

export const scriptedAnswer = {
  status: 201,
  contentType: 'text/plain',
  body: 'hello from the replica',
} as const;

interface Heard {
  head?: ReplyHead;
  text: string;
  readonly ends: string[];
  problem?: Problem;
  sent?: boolean;
}

function listen(under: TransportUnderTest): { heard: Heard; call: CallInFlight; over: Promise<void> } {
  const heard: Heard = { text: '', ends: [] };
  const over = createDeferred();
  const call = under.transport.send(
    {
      endpoint: under.endpoint,
      method: 'POST',
      path: '/v1/completions',
      headers: ['x-request-id', 'r1'],
      body: new TextEncoder().encode('{}'),
    },
    {
      started: (head) => {
        heard.head = head;
      },
      received: (bytes) => {
        heard.text += new TextDecoder().decode(bytes);
        return true;
      },
      ended: () => {
        heard.ends.push('ended');
        over.resolve();
      },
      failed: (problem, sent) => {
        Object.assign(heard, { problem, sent });
        heard.ends.push('failed');
        over.resolve();
      },
    },
  );
  return { heard, call, over: over.promise };
}

/** What every transport must do. */
export function testTransport(given: {
  name: string;
  open(script: ReplicaScript): Promise<TransportUnderTest>;
}): void {
  describe(`${given.name} as a transport`, () => {
    let under: TransportUnderTest | undefined;
    afterEach(async () => {
      await under?.transport.close();
      await under?.close();
    });
    async function open(script: ReplicaScript): Promise<TransportUnderTest> {
      under = await given.open(script);
      return under;
    }

    it('delivers head, body and end, once each and in order', async () => {
      const { heard, over } = listen(await open('answer'));
      await over;
      expect(heard.head).toMatchObject({
        status: scriptedAnswer.status,
        contentType: scriptedAnswer.contentType,
      });
      expect(heard.text).toBe(scriptedAnswer.body);
      expect(heard.ends).toEqual(['ended']);
    });

    it('tells a replica that was never reached from one that may have begun', async () => {
      const refused = listen(await open('refuse-connection'));
      await refused.over;
      expect(refused.heard).toMatchObject({ sent: false, problem: { code: 'replica_failed' } });
      await under?.close();
      const broken = listen(await open('break-off'));
      await broken.over;
      expect(broken.heard).toMatchObject({ sent: true, ends: ['failed'] });
    });

    it('says nothing more after a cancel at the head, though the body came with it', async () => {
      const { transport, endpoint } = await open('answer');
      const heard: string[] = [];
      const begun = createDeferred();
      const call = transport.send(
        { endpoint, method: 'POST', path: '/v1/completions', headers: [], body: new Uint8Array(2) },
        {
          started() {
            heard.push('started');
            call.cancel();
            begun.resolve();
          },
          received: () => heard.push('received') > 0,
          ended: () => void heard.push('ended'),
          failed: () => void heard.push('failed'),
        },
      );
      await begun.promise;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(heard).toEqual(['started']);
    });

    it('says nothing more after a cancel, and the replica notices', async () => {
      const { heard, call } = listen(await open('stay-silent'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      call.cancel();
      call.cancel();
      await under?.abandoned;
      expect(heard.ends).toEqual([]);
    });
  });
}
