import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

/** `npm run test:soak -- --minutes 10`. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    clients: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
  },
});
const report = await soak({
  seconds: Number(values.minutes) * 60,
  clients: Number(values.clients),
  seed: Number(values.seed),
});
console.log(JSON.stringify(report, undefined, 2));
process.exit(report.outcomes.stuck > 0 || report.inFlight !== 0 ? 1 : 0);
