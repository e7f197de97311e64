import { parseArgs } from 'node:util';
import { chaos } from './chaos.ts';

/** `npm run test:chaos -- --rounds 1000`. Needs a build and PostgreSQL. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const say = (line: string): void => console.error(line);
const report = await chaos({ rounds: Number(values.rounds), seed: Number(values.seed), say });
console.log(JSON.stringify(report, undefined, 2));
process.exit(report.violations.length > 0 ? 1 : 0);
