import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import { ALONE_TIMES, STALE_MS } from './node-times.ts';
import { DATABASE_MS } from './serving-state.ts';
import { describeHolder, type MembershipOptions, refusalOf } from './take-node.ts';

const PAUSE_MS = 500;

interface FormerRow {
  holder: string;
  host: string;
  pid: number;
  until_ms: bigint;
  is_free: boolean;
}

/**
 * Takes the lease of the schema before migration 117, where a server of an earlier version may still serve: its schema must not be changed under it. The
 * migration makes the row one of `nodes`.
 * @throws DatabaseServed when another server renews it
 */
export async function takeFormerLease(db: Pick<Database, 'transact'>, options: Pick<MembershipOptions, 'holder' | 'host' | 'joins' | 'clock' | 'say'>): Promise<void> {
  const { holder, host, clock, say } = options;
  const startedMs = clock.monotonicMs();
  let seenMs: bigint | undefined;
  for (;;) {
    const isStale = clock.monotonicMs() - startedMs > STALE_MS;
    const other = await db.transact('take-former-lease', async (tx) => {
      const { rows } = await sql<FormerRow>`
        SELECT holder, host, pid, until_ms, holder = ${holder} OR until_ms <= ${sql.raw(DATABASE_MS)} AS is_free FROM serving_node FOR UPDATE`.execute(tx.q);
      const [row] = rows;
      if (!row || !(row.is_free || (isStale && row.until_ms === seenMs))) return row;
      await sql`
        UPDATE serving_node SET holder = ${holder}, host = ${host}, pid = ${process.pid}, token = token + 1,
                                until_ms = ${sql.raw(DATABASE_MS)} + ${sql.lit(ALONE_TIMES.leaseMs)}`.execute(tx.q);
      return undefined;
    });
    if (!other) return;
    const described = { name: other.holder, host: other.host, pid: other.pid };
    if (seenMs !== undefined && other.until_ms !== seenMs) throw refusalOf(described, options);
    seenMs ??= other.until_ms;
    say?.(`waiting for the lease of ${describeHolder(described)} to run out`);
    await delay(PAUSE_MS);
  }
}
