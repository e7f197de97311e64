/** A VIRTUAL WORLD: clock, workloads and a fleet that is a model; dispatch and policies run in it unchanged. */
export { replayRecording, type Replay } from '#dispatch';
export { predictEngine, type Predicted } from './engine/predicted.ts';
export { htmlPage } from './report/html-page.ts';
export { estimatesOf } from './report/repeated.ts';
export { reportRows, type NamedRuns } from './report/terminal-table.ts';
export { decisionLine, type Decision } from './world/decision.ts';
export { fileLines } from './workload/file-lines.ts';
export { runScenario, type Run } from './world/run-scenario.ts';
