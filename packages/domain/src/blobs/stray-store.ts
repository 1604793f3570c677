import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { FilesUnavailable } from './storage-failures.ts';

/** After how many seconds a call may be repeated whose blob is just being deleted. */
const DOOMED_WAIT_S = 10;

const announceRow = defineStatement(
  'announce_blob',
  `INSERT INTO stray_blobs (name, since_date, is_ours) VALUES ($1, $2, true)
   ON CONFLICT (name) DO UPDATE SET since_date = excluded.since_date, is_ours = true WHERE NOT stray_blobs.is_doomed`,
);

const claimRow = defineStatement('claim_blob', 'DELETE FROM stray_blobs WHERE name = $1 AND NOT is_doomed');

const noteRows = defineStatement(
  'note_stray_blobs',
  `INSERT INTO stray_blobs (name, since_date)
   SELECT name, $2 FROM unnest($1::text[]) AS n (name) WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.name = n.name)
   ON CONFLICT (name) DO NOTHING`,
);

/** The operator permits the deletion of unknown strays that were first seen until this date. */
const CONFIRMED = "coalesce((SELECT value::integer FROM meta WHERE key = 'strays_confirmed_date'), -1)";

const listRows = defineStatement<{ name: string }>(
  'list_stray_blobs',
  `SELECT name FROM stray_blobs WHERE since_date <= $1 AND name > $2 AND (is_ours OR since_date <= ${CONFIRMED} OR NOT $4::boolean) ORDER BY name LIMIT $3`,
);

// Those that the operator has confirmed do not count.
const countRows = defineStatement<{ strays: bigint; blobs: bigint }>(
  'count_unknown_strays',
  `SELECT (SELECT count(*) FROM stray_blobs s
            WHERE NOT is_ours AND NOT EXISTS (SELECT FROM blobs b WHERE b.name = s.name)
              AND since_date > ${CONFIRMED}) AS strays,
          (SELECT count(*) FROM blobs) AS blobs`,
);

const saveConfirmed = defineStatement(
  'confirm_strays',
  `INSERT INTO meta (key, value) VALUES ('strays_confirmed_date', $1::integer::text)
   ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
);

const doomRow = defineStatement(
  'doom_stray_blob',
  'UPDATE stray_blobs SET is_doomed = true WHERE name = $1 AND since_date <= $2 AND NOT EXISTS (SELECT FROM blobs b WHERE b.name = $1)',
);

const removeUsedRow = defineStatement('remove_used_stray_blob', 'DELETE FROM stray_blobs WHERE name = $1 AND EXISTS (SELECT FROM blobs b WHERE b.name = $1)');

const removeRow = defineStatement('remove_stray_blob', 'DELETE FROM stray_blobs WHERE name = $1');

/**
 * Notes that a blob will be put into the store before it has a row. If the row is never added, the blob is deleted later.
 * @throws FilesUnavailable while a blob of this name is being deleted
 */
export async function announceBlob(tx: Tx, name: string, nowDate: number): Promise<void> {
  checkKept((await tx.run(announceRow, [name, nowDate])).count, name);
}

/**
 * Keeps an announced blob from being deleted, if the transaction commits. Must be called in the transaction that adds its row. This and the
 * deletion change the same row in `stray_blobs`, so only one of them succeeds.
 * @throws FilesUnavailable if the blob was or is being deleted; it must be announced and put into the store again
 */
export async function claimBlob(tx: Tx, name: string): Promise<void> {
  checkKept((await tx.run(claimRow, [name])).count, name);
}

function checkKept(count: number, name: string): void {
  if (count === 0) throw new FilesUnavailable(DOOMED_WAIT_S, new Error(`the blob ${name} is deleted because it was without a row for days`));
}

/** Notes that a blob has lost its row, so that its bytes are deleted even if this process ends before it does that. */
export async function noteOwnStray(tx: Tx, name: string, nowDate: number): Promise<void> {
  await tx.run(announceRow, [name, nowDate]);
}

/** Notes which of these blobs in the store have no row. */
export async function noteStrays(tx: Tx, names: readonly string[], nowDate: number): Promise<void> {
  await tx.run(noteRows, [names, nowDate]);
}

/** Which strays to list. */
export interface StrayListing {
  /** Only strays that were noted until this date, in unix seconds. */
  beforeDate: number;
  /** Only names that sort after this one. */
  after: string;
  limit: number;
  /** Leaves out those that this database has never known and the operator has not confirmed. */
  isOursOnly: boolean;
}

/** Lists blobs that had no row at a date, by name. */
export async function listStrays(db: Pick<Database, 'run'>, { beforeDate, after, limit, isOursOnly }: StrayListing): Promise<string[]> {
  return (await db.run(listRows, [beforeDate, after, limit, isOursOnly])).rows.map(({ name }) => name);
}

/** Counts the blobs in the store that this database has never known and the operator has not confirmed, and those that have a row. */
export async function countUnknownStrays(db: Pick<Database, 'run'>): Promise<{ strays: number; blobs: number }> {
  const { strays, blobs } = (await db.run(countRows, [])).rows[0]!;
  return { strays: Number(strays), blobs: Number(blobs) };
}

/** Notes that all blobs without a row that were seen until a date may be deleted, however many they are. */
export async function confirmStrays(tx: Tx, untilDate: number): Promise<void> {
  await tx.run(saveConfirmed, [untilDate]);
}

/** Decides that a blob is deleted, unless it has a row now or was announced since. @returns whether it is to be deleted */
export async function doomStray(tx: Tx, name: string, beforeDate: number): Promise<boolean> {
  if ((await tx.run(doomRow, [name, beforeDate])).count > 0) return true;
  await tx.run(removeUsedRow, [name]);
  return false;
}

/** Forgets a blob whose bytes are not in the store any longer. */
export async function removeStray(tx: Tx, name: string): Promise<void> {
  await tx.run(removeRow, [name]);
}
