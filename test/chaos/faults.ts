import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cast, Role } from './cast.ts';

/** What goes wrong; resolves when it is over and everybody is there again. */
export interface Fault {
  readonly name: string;
  inflict(cast: Cast, chance: () => number): Promise<void>;
}

function one<T>(items: readonly T[], chance: () => number): T {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new Error('There is nobody left to choose from.');
  return item;
}

function killOf(role: Role): Fault {
  return {
    name: `kill -9 ${role}`,
    async inflict(cast, chance) {
      const { node } = one(cast.of(role), chance);
      await cast.kill(node);
      await delay(chance() * 500);
      await cast.revive(node);
    },
  };
}

const databaseCrash: Fault = {
  name: 'immediate stop of PostgreSQL',
  async inflict({ server }, chance) {
    await server.crash();
    await delay(chance() * 1000);
    await server.start();
  },
};

const hourMs = 3_600_000;

const clockJump: Fault = {
  name: 'clock jump',
  async inflict(cast, chance) {
    const { node } = one([...cast.parts.values()], chance);
    cast.skew(node, Math.round((2 * chance() - 1) * hourMs));
    await delay(500);
  },
};

/** Longer than its lease: when it wakes, others have taken over, and it does not know yet. */
const pause: Fault = {
  name: 'pause beyond the lease',
  async inflict(cast, chance) {
    const { process } = one([...cast.of('control'), ...cast.of('worker')], chance);
    process.kill('SIGSTOP');
    await delay(2500 + chance() * 1000);
    process.kill('SIGCONT');
  },
};

/** Between one process and the database; the others reach it. */
const networkCut: Fault = {
  name: 'network cut to PostgreSQL',
  async inflict({ wires }, chance) {
    const wire = one([...wires.values()], chance);
    wire.cut();
    await delay(500 + chance() * 3000);
    wire.mend();
  },
};

/** Longer than a lease, and now and then longer than anybody waits for an answer of the database. */
const networkHold: Fault = {
  name: 'lost packets to PostgreSQL',
  async inflict({ wires }, chance) {
    const wire = one([...wires.values()], chance);
    wire.hold();
    await delay(chance() < 0.2 ? 12_000 : 2500 + chance() * 1500);
    wire.mend();
  },
};

const pieceBytes = 4 * 1024 * 1024;

function fill(path: string): void {
  const file = openSync(path, 'w');
  const piece = Buffer.alloc(pieceBytes);
  try {
    for (;;) writeSync(file, piece);
  } catch {
    // It is full.
  } finally {
    closeSync(file);
  }
}

/** Of the database, of the homes and of the shared files: all lie on one small disk. */
function fullDisk(disk: string): Fault {
  return {
    name: 'full disk',
    async inflict({ server }, chance) {
      const ballast = join(disk, 'ballast');
      fill(ballast);
      await delay(500 + chance() * 500);
      rmSync(ballast, { force: true });
      await server.start();
    },
  };
}

/** `disk`: where everything lies, if that is a small disk that may be filled. */
export function createFaults(disk: string | undefined): readonly Fault[] {
  return [
    killOf('worker'),
    databaseCrash,
    killOf('gateway'),
    networkCut,
    pause,
    networkHold,
    killOf('control'),
    clockJump,
    ...(disk === undefined ? [] : [fullDisk(disk)]),
  ];
}
