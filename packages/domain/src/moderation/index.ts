/** Limits on sending to strangers, who may create chats, and reports. */
export {
  checkMayCreate,
  CREATION_SUBJECTS,
  type CreationPolicy,
  type CreationSubject,
  CREATORS,
  type Creators,
  isListedCreator,
  listCreationPolicies,
  mayCreate,
  saveCreators,
  saveListedCreator,
} from './creation-policy-store.ts';
export { type Acquainted, findAcquainted, noteAnswers, readPairFacts } from './first-contact-store.ts';
export { isLimitedAt, NO_END } from './is-limited.ts';
export { closeReports, countOpenReports, findReports, listReports, type ReportRow } from './report-store.ts';
export { createReports, REPORTS_MAX, type Reports } from './reports.ts';
export { type Adder, type ChargeNotice, SendLimits } from './send-limits.ts';
