import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** In place of somebody elsewhere: only the card of the person is told. */
const CARD_ONLY = 0n;

/** Somebody here about whom a data centre is told something later. */
export interface ToldLater {
  dc: number;
  person_id: bigint;
}

const insertLater = defineStatement(
  'insert_home_changes',
  'INSERT INTO home_changes (dc, person_id, other_id) SELECT $1, $2, other_id FROM unnest($3::bigint[]) AS other_id ON CONFLICT DO NOTHING',
);

/**
 * Notes that a data centre has to be told later what a person's card shows, and whether some people there are contacts of the person or blocked. The person must be locked.
 * @param otherIds none: only the card
 */
export async function saveLater(tx: Tx, dc: number, personId: bigint, otherIds: readonly bigint[]): Promise<void> {
  await tx.run(insertLater, [dc, personId, otherIds.length > 0 ? otherIds : [CARD_ONLY]]);
}

const selectLater = defineStatement<ToldLater>('read_home_changes', 'SELECT DISTINCT dc, person_id FROM home_changes WHERE dc = $1 ORDER BY person_id LIMIT $2::integer');

/** Lists of whom a data centre is to be told something. */
export async function listLater(db: Pick<Database, 'run'>, dc: number, most: number): Promise<ToldLater[]> {
  return (await db.run(selectLater, [dc, most])).rows;
}

const deleteLater = defineStatement<{ other_id: bigint }>(
  'delete_home_changes',
  `DELETE FROM home_changes WHERE dc = $1 AND person_id = $2 AND other_id IN (SELECT other_id FROM home_changes WHERE dc = $1 AND person_id = $2 ORDER BY other_id LIMIT $3::integer)
   RETURNING other_id`,
);

/**
 * Takes what a data centre is to be told of a person, who must be locked, to tell it in this transaction.
 * @returns undefined if there is nothing; otherwise those people there of whom something is told besides the card
 */
export async function takeLater(tx: Tx, { dc, person_id: personId }: ToldLater, most: number): Promise<bigint[] | undefined> {
  const { rows } = await tx.run(deleteLater, [dc, personId, most]);
  return rows.length === 0 ? undefined : rows.map((row) => row.other_id).filter((id) => id !== CARD_ONLY);
}

const deleteLaterOf = defineStatement('delete_home_changes_of', 'DELETE FROM home_changes WHERE dc = ANY ($1::smallint[]) AND person_id = $2');

/** Drops what data centres are to be told of a person later. */
export async function dropLater(tx: Tx, dcs: readonly number[], personId: bigint): Promise<void> {
  await tx.run(deleteLaterOf, [dcs, personId]);
}
