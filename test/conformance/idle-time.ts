import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether this machine has `chrt`, and a process here may have back the place that it gives. */
export function mayGiveWay(): boolean {
  return spawnSync('chrt', ['-i', '0', 'sh', '-c', 'chrt -a -o -p 0 $$']).status === 0;
}

/** What Linux calls the way in which a process gets its turn: 5 for SCHED_IDLE, 0 for the usual. */
export function policyOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[38];
}
