import { writeSync } from 'node:fs';
import type { FakeOptions } from '../options.ts';

/** Ends this process the way the options say, with a last line on standard error. */
export function crash({ crashBy }: Pick<FakeOptions, 'crashBy'>, why: string): never {
  writeSync(2, `${JSON.stringify({ event: 'crash-scripted', message: `${crashBy} ${why}` })}\n`);
  if (crashBy !== 'exit') process.kill(process.pid, crashBy);
  process.exit(3);
}
