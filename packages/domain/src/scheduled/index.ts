/** Scheduled messages. */
export { checkPosting } from './later-posting.ts';
export type { ScheduledDeps } from './scheduled-jobs.ts';
export { type Schedule, Scheduled } from './scheduled.ts';
