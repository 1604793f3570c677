import { type Database, jsonCodec, NOBODY, type Tables, type Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

import { actingAdmin } from './acting-admin.ts';
import { createAdminEventJob, describeEntry, nameOrderer } from './admin-event.ts';

import type { OperatorCommand } from './operator-command.ts';

/** An entry of the operator log. */
export interface OperatorEntry {
  entry_id: bigint;
  date: number;
  /** What was done or ordered, in words. The first is the action of the event `admin`, so it is a verb. */
  what: string;
  /** When it was done; null: it waits for the server. */
  done_date: number | null;
  /** What came of it, in words. */
  outcome: string | null;
  /** The admin who did it on the admin page; null: it was done at the command line. */
  by_user_id: bigint | null;
}

const codec = jsonCodec<OperatorCommand>();
const COLUMNS = ['entry_id', 'date', 'what', 'done_date', 'outcome', 'by_user_id'] as const;

/** Records something that an operator has done in the same transaction; the log of the server tells of it, too. */
export async function noteOperator(tx: Tx, what: string, nowDate: number): Promise<void> {
  await insertEntry(tx, { date: nowDate, what, command: null, done_date: nowDate, outcome: 'done' });
}

/** Records a command that waits for the server. @returns the id of the entry */
export async function insertCommand(tx: Tx, what: string, command: OperatorCommand, nowDate: number): Promise<bigint> {
  return insertEntry(tx, { date: nowDate, what, command: Buffer.from(codec.encode(command)), done_date: null, outcome: null });
}

async function insertEntry(tx: Tx, row: Insertable<Tables['operator_log']>): Promise<bigint> {
  const admin = actingAdmin();
  const { entry_id: entry } = await tx.q.insertInto('operator_log').values({ ...row, by_user_id: admin }).returning('entry_id').executeTakeFirstOrThrow();
  await tx.job(createAdminEventJob(undefined).order(NOBODY, { entry, ...(admin === null ? { by: nameOrderer() } : { userId: admin }), ...describeEntry(row.what) }));
  return entry;
}

/** The command of an entry that waits; undefined if there is none, or it was carried out. */
export async function findCommand({ q }: Pick<Database, 'q'>, entryId: bigint): Promise<OperatorCommand | undefined> {
  const row = await q.selectFrom('operator_log').select(['command', 'done_date']).where('entry_id', '=', entryId).executeTakeFirst();
  return row?.command && row.done_date === null ? codec.decode(row.command) : undefined;
}

/** Records what came of a command, which is forgotten, because it may hold a phone number. */
export async function saveOutcome(tx: Tx, entryId: bigint, outcome: string, nowDate: number): Promise<void> {
  await tx.q.updateTable('operator_log').set({ outcome, done_date: nowDate, command: null }).where('entry_id', '=', entryId).where('done_date', 'is', null).execute();
}

/** Reads an entry. */
export function findOperatorEntry({ q }: Pick<Database, 'q'>, entryId: bigint): Promise<OperatorEntry | undefined> {
  return q.selectFrom('operator_log').select(COLUMNS).where('entry_id', '=', entryId).executeTakeFirst();
}

/** Lists what operators have done, newest first. */
export function listOperatorLog({ q }: Pick<Database, 'q'>, limit: number): Promise<OperatorEntry[]> {
  return q.selectFrom('operator_log').select(COLUMNS).orderBy('entry_id', 'desc').limit(limit).execute();
}
