import type { Task } from '#schema';
import type { Exchange } from '../http/exchange.ts';
import type { TasksDeps } from './deps.ts';
import { follow } from './follow.ts';
import { isOver, viewOf } from './view.ts';

const heartbeatMs = 15_000;
/** A client that leaves this much unread is cut off; it can come back and sees how things stand. */
const unreadBytesMax = 1024 * 1024;

/** What is worth an event: the state, the attempt, how far it is. */
function gist({ state, token, postponed, progress }: Task): string {
  return JSON.stringify([state, token, postponed, progress]);
}

/** `GET /v1/tasks/{id}/events`: how the task is now, then every change until its end, as server-sent events. */
export function tellEvents(deps: TasksDeps, { response, isValid }: Exchange, task: Task): void {
  let told = '';
  let lastState = '';
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  function write(text: string): void {
    if (response.destroyed) return;
    response.write(text);
    if (!isValid() || response.writableLength > unreadBytesMax) response.destroy();
  }
  function tell(now: Task): void {
    const news = gist(now);
    if (news === told) return;
    told = news;
    const event = now.state === lastState ? 'progress' : 'status';
    lastState = now.state;
    write(`event: ${event}\ndata: ${JSON.stringify(viewOf(now, deps.clock.nowMs()))}\n\n`);
  }
  const stop = follow(deps, {
    id: task.id,
    seen(now) {
      if (now !== undefined) tell(now);
      if (now !== undefined && !isOver(now)) return true;
      response.end('event: end\ndata: {}\n\n');
      return false;
    },
  });
  let cancelBeat = deps.clock.setTimer(heartbeatMs, beat);
  function beat(): void {
    write(': still here\n\n');
    cancelBeat = deps.clock.setTimer(heartbeatMs, beat);
  }
  response.once('close', () => {
    stop();
    cancelBeat();
  });
}
