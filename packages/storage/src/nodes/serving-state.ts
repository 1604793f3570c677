import type { ClockRecord } from '@aerogram/runtime';
import { type RawBuilder, sql } from 'kysely';
import { isMissingTable } from '../database/errors.ts';
import type { Database } from '../database/open-database.ts';

/** SQL for the database's clock, in milliseconds since 1970. */
export const DATABASE_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Columns about the clock of a server. */
export interface ClockRow {
  clock_ms: bigint;
  step_ms: bigint | null;
  stepped_ms: bigint | null;
  clock_accepted: boolean;
}

/** Converts the row to the record that `ClockWatch` uses. */
export function clockRecordOf(row: ClockRow): ClockRecord {
  const numberOf = (ms: bigint | null): number | undefined => (ms === null ? undefined : Number(ms));
  return { clockMs: Number(row.clock_ms), stepMs: numberOf(row.step_ms), steppedMs: numberOf(row.stepped_ms), isAccepted: row.clock_accepted };
}

/** What the database knows about the server that serves from it, or did last; of several, the one whose lease ends last. */
export interface ServingState {
  holder: string;
  host: string;
  pid: number;
  /** A server holds the lease: it is running or was killed a few seconds ago. */
  isHeld: boolean;
  clock: ClockRecord;
  /** How far the server's clock was ahead of the database's, in milliseconds. */
  offsetMs: number;
}

const databaseMs: RawBuilder<bigint> = sql.raw(DATABASE_MS);

type ServingRow = ClockRow & { holder: string; host: string; pid: number; until_ms: bigint; offset_ms: bigint; database_ms: bigint };

/** Reads which server serves from a database; undefined if none ever did, or if the schema is older than migration 27. */
export async function findServingState({ q }: Pick<Database, 'q'>): Promise<ServingState | undefined> {
  const row = (await findRow(q, 'nodes', 'name')) ?? (await findRow(q, 'serving_node', 'holder'));
  if (!row) return undefined;
  const { holder, host, pid } = row;
  return { holder, host, pid, isHeld: row.until_ms > row.database_ms, clock: clockRecordOf(row), offsetMs: Number(row.offset_ms) };
}

/** Reads the row of a server. @param table `serving_node` before migration 117 */
async function findRow(q: Database['q'], table: 'nodes' | 'serving_node', name: 'name' | 'holder'): Promise<ServingRow | undefined> {
  try {
    const { rows } = await sql<ServingRow>`
      SELECT ${sql.ref(name)} AS holder, host, pid, until_ms, offset_ms, clock_ms, step_ms, stepped_ms, clock_accepted, ${databaseMs} AS database_ms
        FROM ${sql.table(table)} ORDER BY until_ms DESC, clock_ms DESC LIMIT 1`.execute(q);
    return rows[0];
  } catch (error) {
    if (isMissingTable(error)) return undefined;
    throw error;
  }
}

/** Measures how far the clock of this machine is ahead of the database's, in milliseconds. @param nowMs reads the clock of this machine */
export async function measureClockOffset({ q }: Pick<Database, 'q'>, nowMs: () => number): Promise<number> {
  const beforeMs = nowMs();
  const { rows } = await sql<{ database_ms: bigint }>`SELECT ${databaseMs} AS database_ms`.execute(q);
  return (beforeMs + nowMs()) / 2 - Number(rows[0]!.database_ms);
}
