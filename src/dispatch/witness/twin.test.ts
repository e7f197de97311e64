import { plainHead } from '#contracts';
import { describe, expect, it } from 'vitest';
import { problem } from '#schema';
import { askOf } from '../../../test/world/version-stage.ts';
import { hearSide } from './twin.ts';
import type { Testimony } from './witness.ts';

function hearing() {
  const told: Testimony[] = [];
  const heard: string[] = [];
  let nowMs = 0;
  const side = hearSide({
    ask: askOf(),
    deployment: 'chat',
    clock: { monotonicMs: () => nowMs },
    listener: {
      started: ({ status }) => void heard.push(`started ${status}`),
      received: () => false,
      ended: () => void heard.push('ended'),
      failed: ({ code }) => void heard.push(code),
    },
    over: (one) => void told.push(one),
    lost: () => void heard.push('lost'),
  });
  return { side, told, heard, at: (ms: number) => (nowMs = ms) };
}

const head = plainHead('application/json');
const chosen = { deployment: 'chat', model: 'tiny@1', queueMs: 30, firstByteMs: 50 };

describe('one side of a comparison', () => {
  it('passes everything on, and tells what there is to tell, timed from the sending', () => {
    const { side, told, heard, at } = hearing();
    side.started(head, chosen);
    expect(side.received(new Uint8Array(7))).toBe(false);
    at(100);
    side.ended();
    expect(heard).toEqual(['started 200', 'ended']);
    expect(told).toMatchObject([
      { status: 200, isWhole: true, firstByteMs: 20, tookMs: 70, paused: true, answerBytes: 7 },
    ]);
  });

  it('blames a version for what its replica failed in, and for nothing that never reached one', () => {
    const failed = hearing();
    failed.side.failed(problem('replica_failed'));
    expect(failed.told).toMatchObject([{ status: 502, isWhole: false }]);
    const refused = hearing();
    refused.side.failed(problem('overloaded'));
    expect([refused.told, refused.heard]).toEqual([[], ['overloaded', 'lost']]);
  });
});
