/**
 * Loaded into a process before everything else: its wall clock is ahead by the milliseconds that a file says, from the
 * moment that the file says so. Timers and the monotonic clock stay as they are, as when somebody sets a machine's clock.
 */
import { readFileSync } from 'node:fs';

const path = process.env.MILLRACE_TEST_SKEW;
const real = Date.now.bind(Date);
let aheadMs = 0;

function look() {
  try {
    aheadMs = Number(readFileSync(path, 'utf8')) || 0;
  } catch {
    aheadMs = 0;
  }
}

if (path !== undefined) {
  look();
  setInterval(look, 100).unref();
  globalThis.Date = class extends Date {
    constructor(...given) {
      if (given.length > 0) super(...given);
      else super(real() + aheadMs);
    }
    static now() {
      return real() + aheadMs;
    }
  };
}
