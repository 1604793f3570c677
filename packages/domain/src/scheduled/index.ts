/** Scheduled messages. */
export { checkPosting } from './later-posting.ts';
export type { ScheduledDeps } from './scheduled-jobs.ts';
export { createScheduled, type Schedule, type Scheduled } from './scheduled.ts';
