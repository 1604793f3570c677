import type { AccountsTables } from './accounts.ts';
import type { FoundationTables } from './foundation.ts';
import type { MessagesTables } from './messages.ts';

/** Every table, for Kysely. */
export interface Tables extends FoundationTables, AccountsTables, MessagesTables {}
