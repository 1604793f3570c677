/** What the operator of a server does and decides, from the command line. */
export { type AccountLimits, createAccountLimits, describeLimit, LIMIT_REASON_MAX, orderAccountLimit } from './account-limits.ts';
export { describeMaintenance, MAINTENANCE_LOOK_MS, type MaintenanceWatch, startMaintenance, stopMaintenance, watchMaintenance } from './maintenance.ts';
export { findMaintenance, type MaintenanceRow } from './maintenance-store.ts';
export { createNoticeJob, excerptOf, NOTICE_PAUSE_MS, NOTICE_SLICE, orderNotice, stopNotice } from './notices.ts';
export { listNotices, type NoticeRow } from './notices-store.ts';
export { orderMark, RESTRICTION_TEXT_MAX } from './marks.ts';
export { type AccountLimit, type Badge, BADGES, type MarkChange, type OperatorCommand, type Restriction } from './operator-command.ts';
export { createAdminEventJob } from './admin-event.ts';
export { actingAdmin, asAdmin } from './acting-admin.ts';
export { listNewcomerChannels, NEWCOMER_CHANNELS_MAX, saveNewcomerChannel } from './newcomer-store.ts';
export { createNewcomers, type Newcomers } from './newcomers.ts';
export { findOperatorEntry, listOperatorLog, noteOperator, type OperatorEntry } from './operator-log-store.ts';
export { type AccountDevice, type AccountRow, findAccountRow, listAccountDevices, listAccounts, listOnline, searchAccounts } from './account-lookup.ts';
export type { AccountCommand } from './operator-command.ts';
export { createOperatorJob, doOrderForAccount } from './operators.ts';
export { doOrderCommand } from './order-command.ts';
export { ALL_CHATS, listRetention, RETENTION_DAYS_MAX, type Retention, saveRetention } from './retention-policy-store.ts';
export { readServerFigures, type ServerFigures } from './server-figures.ts';
