import { type Database, jsonCodec, type Tx } from '@aerogram/storage';

import { actingAdmin } from './acting-admin.ts';

/** What the running server does for the operator, because devices that are connected have to learn of it. */
export type OperatorCommand =
  | { kind: 'delete'; peerId: bigint }
  /** Gives a group or channel to a member; without one to the next. */
  | { kind: 'give'; peerId: bigint; userId: bigint | undefined };

/** An entry of the operator log. */
export interface OperatorEntry {
  entry_id: bigint;
  date: number;
  /** What was done or ordered, in words. */
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

/** Records something that an operator has done in the same transaction. */
export async function noteOperator(tx: Tx, what: string, nowDate: number): Promise<void> {
  await tx.q.insertInto('operator_log').values({ date: nowDate, what, command: null, done_date: nowDate, outcome: 'done', by_user_id: actingAdmin() }).execute();
}

/** Records a command that waits for the server. @returns the id of the entry */
export async function insertCommand(tx: Tx, what: string, command: OperatorCommand, nowDate: number): Promise<bigint> {
  const row = await tx.q.insertInto('operator_log').values({ date: nowDate, what, command: Buffer.from(codec.encode(command)), done_date: null, outcome: null, by_user_id: actingAdmin() }).returning('entry_id').executeTakeFirstOrThrow();
  return row.entry_id;
}

/** The command of an entry that waits; undefined if there is none, or it was carried out. */
export async function findCommand({ q }: Pick<Database, 'q'>, entryId: bigint): Promise<OperatorCommand | undefined> {
  const row = await q.selectFrom('operator_log').select(['command', 'done_date']).where('entry_id', '=', entryId).executeTakeFirst();
  return row?.command && row.done_date === null ? codec.decode(row.command) : undefined;
}

/** Records what came of a command. */
export async function saveOutcome(tx: Tx, entryId: bigint, outcome: string, nowDate: number): Promise<void> {
  await tx.q.updateTable('operator_log').set({ outcome, done_date: nowDate }).where('entry_id', '=', entryId).where('done_date', 'is', null).execute();
}

/** Reads an entry. */
export function findOperatorEntry({ q }: Pick<Database, 'q'>, entryId: bigint): Promise<OperatorEntry | undefined> {
  return q.selectFrom('operator_log').select(COLUMNS).where('entry_id', '=', entryId).executeTakeFirst();
}

/** Lists what operators have done, newest first. */
export function listOperatorLog({ q }: Pick<Database, 'q'>, limit: number): Promise<OperatorEntry[]> {
  return q.selectFrom('operator_log').select(COLUMNS).orderBy('entry_id', 'desc').limit(limit).execute();
}
