import { parseArgs } from 'node:util';
import { faultsOf } from './ledger.ts';
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
const faults = faultsOf(report);
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
