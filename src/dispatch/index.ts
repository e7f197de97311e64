/** A REQUEST'S LIFE: admit → order → batch → route → send → stream → account. Milliseconds. */
export type { Ask, AskListener, Chosen, Ticket } from './ask.ts';
export type { CurveSnapshot, Curves } from './curves.ts';
export { createDirectory, type Directory } from './directory.ts';
export { createDispatch, type Dispatch } from './dispatch.ts';
export type { Route } from './route.ts';
