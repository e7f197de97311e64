/** Topics as a door: messages become tasks, ends of tasks become messages. */
export { eventAddress } from './address.ts';
export { createIntake } from './intake.ts';
export { createResultCourier } from './result-courier.ts';
export { createResultNews } from './result-news.ts';
