import { describe, expect, it } from 'vitest';
import type { Log } from '#contracts';
import type { Member } from './membership.ts';
import { createRoster } from './roster.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const leaseMs = 10_000;
const counted = { loads: {}, evidence: {}, starved: {} };

const worker = (name: string, takes = true): Member => ({
  name,
  facts: { roles: ['worker'], life: name, node: { substrate: 'process', weight: 2, takes }, counted },
});
const gateway: Member = { name: 'gate', facts: { roles: ['gateway'], life: 'g', counted } };

function createStory() {
  const time = { nowMs: 0 };
  const roster = createRoster({ clock: { monotonicMs: () => time.nowMs }, log: quiet, leaseMs });
  let changes = 0;
  roster.onChange(() => (changes += 1));
  return {
    roster,
    changes: () => changes,
    /** Hears the same every second for so long. */
    hear: (members: readonly Member[], forMs = 0): void => {
      roster.hear(members);
      for (const untilMs = time.nowMs + forMs; time.nowMs < untilMs;) {
        time.nowMs += 1000;
        roster.hear(members);
      }
    },
    silence: (ms: number) => void (time.nowMs += ms),
  };
}

describe('the roster', () => {
  it('knows at once where replicas can run, and tells each change once', () => {
    const { roster, hear, changes } = createStory();
    hear([gateway, worker('a'), worker('b')]);
    expect(roster.seen().map(({ name }) => name)).toEqual(['a', 'b']);
    expect(changes()).toBe(1);
    hear([gateway, worker('a'), worker('b', false)]);
    expect(roster.seen().map(({ takes }) => takes)).toEqual([true, false]);
    expect(changes()).toBe(2);
  });

  it('gives nobody up before it has listened for a whole lease', () => {
    const { roster, hear } = createStory();
    hear([worker('a')], leaseMs);
    expect(roster.isGone('b')).toBe(false);
    hear([worker('a')], 1000);
    expect(roster.isGone('b')).toBe(true);
    expect(roster.isGone('a')).toBe(false);
    // A record from when one process was the platform.
    expect(roster.isGone(undefined)).toBe(true);
  });

  it('does not take an outage of the record for the loss of those in it', () => {
    const { roster, hear, silence } = createStory();
    hear([worker('a'), worker('b')], 2 * leaseMs);
    silence(60_000);
    hear([worker('a')]);
    expect(roster.isGone('b')).toBe(false);
    hear([worker('a')], leaseMs);
    expect(roster.isGone('b')).toBe(false);
    hear([worker('a')], 1000);
    expect(roster.isGone('b')).toBe(true);
  });

  it('takes whoever speaks another version as there, and places nothing on it', () => {
    const { roster, hear } = createStory();
    hear([{ name: 'new', facts: undefined }], 2 * leaseMs);
    expect(roster.seen()).toEqual([]);
    expect(roster.isGone('new')).toBe(false);
  });
});
