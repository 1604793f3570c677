import { type Database, defineStatement, type Tx } from '@aerogram/storage';

const countReaders = defineStatement<{ count: number }>(
  'count_card_readers',
  'SELECT count(*)::integer AS count FROM (SELECT FROM card_readers WHERE (viewer_id & 7) = $1::integer LIMIT $2::integer) AS r',
);

/** Counts the pairs of a person here and a reader in a data centre. @param most counts no further */
export async function countReadersOf(db: Pick<Database, 'run'>, dc: number, most: number): Promise<number> {
  return (await db.run(countReaders, [dc, most])).rows[0]!.count;
}

// The data centre of a person of whom somebody there is a reader is told of changes. So some readers stay, else it would go on showing what the person has hidden. Whoever has a card here has written
// to somebody or was written to; others have only looked, or do not exist. They go first from those people who have most.
const deleteReaders = defineStatement<{ viewer_id: bigint }>(
  'delete_spare_card_readers',
  `WITH placed AS (
     SELECT r.person_id, r.viewer_id, c.person_id IS NOT NULL AS has_card, row_number() OVER (PARTITION BY r.person_id ORDER BY c.person_id IS NULL, r.viewer_id) AS place
       FROM card_readers r LEFT JOIN cards c ON c.person_id = r.viewer_id WHERE (r.viewer_id & 7) = $1::integer)
   DELETE FROM card_readers r USING (SELECT person_id, viewer_id FROM placed WHERE NOT has_card AND place > $2::integer ORDER BY place DESC LIMIT $3::integer) AS spare
    WHERE r.person_id = spare.person_id AND r.viewer_id = spare.viewer_id RETURNING r.viewer_id`,
);

/**
 * Removes readers in a data centre who have no card here, from those people who have most.
 * @param of.kept how many readers of each person stay
 * @param of.spare how many are removed at most
 * @returns how many were removed
 */
export async function removeSpareReaders(tx: Tx, dc: number, of: { kept: number; spare: number }): Promise<number> {
  return (await tx.run(deleteReaders, [dc, of.kept, of.spare])).rows.length;
}
