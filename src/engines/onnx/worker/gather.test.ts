import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGather } from './gather.ts';

const headers = { 'x-millrace-batch': 'b', 'x-millrace-batch-size': '3' };

describe('the seats of a batch', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are decided once: who leaves what it has taken keeps nobody else out', () => {
    const ran: (readonly string[])[] = [];
    const gather = createGather<string>({ waitMs: 20, run: (members) => void ran.push([...members]) });
    const [one, two, three] = [gather.seat(headers), gather.seat(headers), gather.seat(headers)];
    one.take('one');
    one.leave();
    two.take('two');
    expect(ran).toEqual([]);
    three.take('three');
    expect(ran).toEqual([['one', 'two', 'three']]);
  });

  it('that are left without being taken are not waited for', () => {
    const ran: (readonly string[])[] = [];
    const gather = createGather<string>({ waitMs: 20, run: (members) => void ran.push([...members]) });
    gather.seat(headers).take('one');
    gather.seat(headers).leave();
    gather.seat(headers).take('three');
    expect(ran).toEqual([['one', 'three']]);
    gather.seat(headers).take('late');
    vi.advanceTimersByTime(20);
    expect(ran.at(-1)).toEqual(['late']);
  });
});
