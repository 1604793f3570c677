import type { AccountsTables } from './accounts.ts';
import type { FoundationTables } from './foundation.ts';
import type { MessagesTables } from './messages.ts';
import type { SecurityTables } from './security.ts';

/** Every table, for Kysely. */
export interface Tables extends FoundationTables, AccountsTables, MessagesTables, SecurityTables {}
