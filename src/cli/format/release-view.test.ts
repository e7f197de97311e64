import { describe, expect, it } from 'vitest';
import { resourceSchemas } from '#schema';
import { releaseView } from './release-view.ts';

const nowMs = Date.parse('2026-11-20T10:02:00Z');
const since = '2026-11-20T10:00:00Z';

function releaseWith(status: object | undefined) {
  return resourceSchemas.Release.parse({
    kind: 'Release',
    metadata: { name: 'chat-2' },
    spec: { deployment: 'chat', version: '2' },
    status,
  });
}

const gate = {
  name: 'errors',
  evidence: 31.6,
  ratioBound: 4.2,
  riseBound: 0.031,
  passes: false,
  candidate: { requests: 120, bad: 5 },
  stable: { requests: 2280, bad: 20 },
};

describe('the view of a release', () => {
  it('shows share, samples, and the evidence of each gate as a bar on the scale to a rollback', () => {
    const view = releaseView(
      releaseWith({
        state: 'comparing',
        since,
        step: 0,
        stepSince: since,
        stable: { version: '1', engine: { name: 'fake', options: {} } },
        split: { candidate: 'b', stable: 'a', share: 0.05 },
        evidence: 12,
        samples: 120,
        gates: [gate],
      }),
      nowMs,
    );
    expect(view).toContain('5 % to the new version');
    expect(view).toContain('120 of 100 in this step');
    expect(view).toContain('12 : 1; a rollback needs 1,000 : 1');
    // Half of the way from 1 to 1,000 on the scale of orders of magnitude.
    expect(view).toContain(`errors   ${'█'.repeat(10)}${'░'.repeat(10)}`);
    expect(view).toMatch(/5\/120 +20\/2280 +≤ 4\.2 × +≤ \+3\.1 % +open/);
  });

  it('writes bounds out where nothing was seen yet', () => {
    const split = { candidate: 'b', stable: 'a', share: 0.05 };
    const unseen = { ...gate, ratioBound: 1234, riseBound: 1 };
    const status = { state: 'comparing', since, step: 0, stepSince: since, split, gates: [unseen] };
    expect(releaseView(releaseWith(status), nowMs)).toMatch(/≤ 1,234 × +≤ \+100 % +open/);
  });

  it('says of a shadow what is copied, and how alike its answers are', () => {
    const split = { candidate: 'b', stable: 'a', share: 0, copied: 0.1 };
    const alike = { copied: 60, fixed: 40, equal: 38 };
    const status = { state: 'comparing', since, step: 0, stepSince: since, split, alike };
    const view = releaseView(releaseWith(status), nowMs);
    expect(view).toContain('0 % to the new version; copies of 10 %');
    expect(view).toContain('38 of 40 answers that should be the same; 60 copied in all');
  });

  it('says what there is of one that has not begun', () => {
    expect(releaseView(releaseWith(undefined), nowMs)).toContain('pending');
  });
});

describe('the view of a release on a narrow terminal', () => {
  it('is not broken: it shows no bounds', () => {
    const split = { candidate: 'b', stable: 'a', share: 0.05 };
    const names = ['errors', 'answerBytes'];
    const gates = names.map((name) => ({ ...gate, name, candidate: { requests: 12_345, bad: 678 } }));
    const status = { state: 'comparing', since, step: 0, stepSince: since, split, gates };
    const lines = releaseView(releaseWith(status), nowMs, 80).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toMatch(/^answerBytes +█+░+ +32 : 1 +678\/12345 +20\/2280 +open$/);
  });
});
