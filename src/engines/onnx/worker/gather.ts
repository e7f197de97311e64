import type { IncomingHttpHeaders } from 'node:http';
import { problem, ProblemError } from '#schema';

/** A place in a batch, for one request: taken or left, whichever comes first. */
interface Seat<Member> {
  take(member: Member): void;
  leave(): void;
}

/** Brings the requests of a batch together, which the gateway sends one by one. */
export interface Gather<Member> {
  /** A seat in the batch that the headers name; without them in a batch of its own. */
  seat(headers: IncomingHttpHeaders): Seat<Member>;
}

interface GatherSpec<Member> {
  /** The first of a batch waits at most this long for the others. */
  readonly waitMs: number;
  readonly run: (members: readonly Member[]) => void;
}

interface Batch<Member> {
  readonly size: number;
  readonly members: Member[];
  /** Seats that were taken or left. */
  decided: number;
  closed: boolean;
  timer: NodeJS.Timeout | undefined;
}

const batchHeaders = { id: 'x-millrace-batch', size: 'x-millrace-batch-size' } as const;
const sizeMax = 65_536;

/** The batch a request belongs to; undefined when it is one of its own. */
function readBatch(headers: IncomingHttpHeaders): { readonly id: string; readonly size: number } | undefined {
  const id = headers[batchHeaders.id];
  if (typeof id !== 'string') return undefined;
  const size = Number(headers[batchHeaders.size]);
  if (Number.isInteger(size) && size >= 1 && size <= sizeMax) return { id, size };
  const message = `"${batchHeaders.size}" must be a whole number from 1 to ${sizeMax}.`;
  throw new ProblemError(problem('invalid_request', message, { param: batchHeaders.size }));
}

/** A batch runs as soon as every seat is taken or left, and when its time is up. Who comes later runs alone. */
export function createGather<Member>({ waitMs, run }: GatherSpec<Member>): Gather<Member> {
  const batches = new Map<string, Batch<Member>>();
  function close(id: string, batch: Batch<Member>): void {
    batch.closed = true;
    clearTimeout(batch.timer);
    batches.delete(id);
    if (batch.members.length > 0) run(batch.members);
  }
  function open(id: string, size: number): Batch<Member> {
    const batch: Batch<Member> = { size, members: [], decided: 0, closed: false, timer: undefined };
    batches.set(id, batch);
    batch.timer = setTimeout(() => {
      close(id, batch);
    }, waitMs);
    return batch;
  }
  return {
    seat(headers) {
      const named = readBatch(headers);
      if (named === undefined || named.size === 1)
        return { take: (member) => run([member]), leave: () => undefined };
      const { id, size } = named;
      const batch = batches.get(id) ?? open(id, size);
      let isDecided = false;
      const decide = (): void => {
        if (isDecided) return;
        isDecided = true;
        batch.decided += 1;
        if (batch.decided === batch.size && !batch.closed) close(id, batch);
      };
      return {
        take(member) {
          if (batch.closed) {
            run([member]);
            return;
          }
          batch.members.push(member);
          decide();
        },
        leave: decide,
      };
    },
  };
}
