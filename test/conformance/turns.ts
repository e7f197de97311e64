/** The turns that the platform itself gives, for tests of queues: these do not know dispatch. */
export { createTaskTurns } from '#dispatch';
