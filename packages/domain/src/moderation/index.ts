/** Limits on sending to strangers, and reports. */
export { readPairFacts } from './first-contact-store.ts';
export { createReports, type Reports } from './reports.ts';
export { createSendLimits, type SendLimits } from './send-limits.ts';
