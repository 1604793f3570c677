/** What the operator of a server does and decides, from the command line. */
export { asAdmin } from './acting-admin.ts';
export { listNewcomerChannels, NEWCOMER_CHANNELS_MAX, saveNewcomerChannel } from './newcomer-store.ts';
export { createNewcomers, type Newcomers } from './newcomers.ts';
export { findOperatorEntry, listOperatorLog, noteOperator, type OperatorEntry } from './operator-log-store.ts';
export { createOperatorJob, doOrderCommand } from './operators.ts';
export { ALL_CHATS, listRetention, RETENTION_DAYS_MAX, type Retention, saveRetention } from './retention-policy-store.ts';
