/** Limits on sending to strangers, and reports. */
export {
  checkMayCreate,
  CREATION_SUBJECTS,
  type CreationPolicy,
  type CreationSubject,
  CREATORS,
  type Creators,
  listCreationPolicies,
  mayCreate,
  saveCreators,
  saveListedCreator,
} from './creation-policy-store.ts';
export { readPairFacts } from './first-contact-store.ts';
export { closeReports, countOpenReports, findReports, listReports, type ReportRow } from './report-store.ts';
export { createReports, REPORTS_MAX, type Reports } from './reports.ts';
export { type ChargeNotice, createSendLimits, type SendLimits } from './send-limits.ts';
