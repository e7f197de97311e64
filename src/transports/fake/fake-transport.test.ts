import type { Transport } from '#contracts';
import { scriptedAnswer, testTransport, type ReplicaScript } from '../../../test/conformance/transport.ts';
import { createDeferred } from '../../../test/world/deferred.ts';
import { createFakeTransport, type FakeCall } from './index.ts';

function play(fake: FakeCall | undefined, script: ReplicaScript): void {
  const { body, status, contentType } = scriptedAnswer;
  if (script === 'answer') fake?.answer({ status, contentType }, new TextEncoder().encode(body));
  if (script === 'refuse-connection') fake?.breakOff(false);
  if (script === 'break-off') fake?.breakOff(true);
}

testTransport({
  name: 'the fake',
  open: (script) => {
    const fake = createFakeTransport();
    const noticed = createDeferred();
    const transport: Transport = {
      send(call, listener) {
        const inFlight = fake.send(call, listener);
        queueMicrotask(() => {
          play(fake.calls.at(-1), script);
        });
        return {
          resume: () => {
            inFlight.resume();
          },
          cancel() {
            inFlight.cancel();
            if (fake.calls.at(-1)?.cancelled() === true) noticed.resolve();
          },
        };
      },
      close: () => fake.close(),
    };
    return Promise.resolve({
      transport,
      endpoint: 'fake:',
      abandoned: noticed.promise,
      close: () => Promise.resolve(),
    });
  },
});
