export { createFakeMachine, type FakeMachine, type Fate } from './machine.ts';
export { createFakeSubstrate, type FakeSubstrateDeps } from './substrate.ts';
