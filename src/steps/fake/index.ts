import type { Result, StepFacts, SteppedRequest, Steps } from '#contracts';

/** What the fake does with each call; what is absent leaves things as they are. */
export interface FakeScript {
  pre?(body: Uint8Array, facts: StepFacts): Result<SteppedRequest | undefined>;
  post?(body: Uint8Array): Result<Uint8Array>;
  chunk?(bytes: Uint8Array): Result<Uint8Array>;
}

export interface FakeSteps extends Steps {
  /** Requests whose session is open. */
  inside(): number;
  /** Answers the oldest call that waits; false when none does. */
  step(): boolean;
}

/** Steps that answer when told to, by script. For tests. */
export function createFakeSteps(script: FakeScript): FakeSteps {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    inside: () => inside,
    step() {
      const call = waiting.shift();
      call?.();
      return call !== undefined;
    },
    open(_spec, facts) {
      let over = false;
      inside += 1;
      function later<T>(make: () => Result<T>, done: (made: Result<T>) => void): void {
        waiting.push(() => {
          if (!over) done(make());
        });
      }
      return {
        pre(body, done) {
          later(() => script.pre?.(body, facts) ?? { ok: true, value: undefined }, done);
        },
        post(body, done) {
          later(() => script.post?.(body) ?? { ok: true, value: body }, done);
        },
        chunk(bytes, done) {
          later(() => script.chunk?.(bytes) ?? { ok: true, value: bytes }, done);
        },
        close() {
          if (over) return;
          over = true;
          inside -= 1;
        },
      };
    },
    close: () => Promise.resolve(),
  };
}
