/** Scheduled messages. */
export type { ScheduledDeps } from './scheduled-jobs.ts';
export { createScheduled, type Schedule, type Scheduled } from './scheduled.ts';
