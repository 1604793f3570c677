import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import type { SetKind } from './default-sets.ts';

/** Kinds as the tables have them. The numbers must not change. */
export const KIND_NUMBERS: Readonly<Record<SetKind, number>> = { stickers: 0, masks: 1, emoji: 2 };

/** The kind of a number in a table. Pure. */
export function kindOfNumber(number: number): SetKind {
  return number === KIND_NUMBERS.emoji ? 'emoji' : number === KIND_NUMBERS.masks ? 'masks' : 'stickers';
}

/** A set in a list, as it is stored. */
export interface InstalledRow {
  setId: bigint;
  isArchived: boolean;
  /** Unix seconds. */
  date: number;
}

/** Whose list, and of which kind. */
export interface ListPlace {
  ownerId: bigint;
  kind: SetKind;
}

const listRows = defineStatement<{ set_id: bigint | null; archived: boolean; date: number }>(
  'list_installed_sets',
  `SELECT s.set_id, s.archived, s.date FROM sticker_lists l LEFT JOIN installed_sets s USING (owner_id, kind)
    WHERE l.kind = $2 AND l.owner_id = (SELECT o.owner_id FROM sticker_lists o WHERE o.owner_id IN ($1, 0) AND o.kind = $2 AND o.is_own ORDER BY o.owner_id DESC LIMIT 1)
    ORDER BY s.position`,
);

const ownList = defineStatement(
  'own_sticker_list',
  'INSERT INTO sticker_lists (owner_id, kind, is_own) VALUES ($1, $2, true) ON CONFLICT (owner_id, kind) DO UPDATE SET is_own = true WHERE NOT sticker_lists.is_own',
);

const dropOthers = defineStatement('drop_installed_sets', 'DELETE FROM installed_sets WHERE owner_id = $1 AND kind = $2 AND set_id <> ALL ($3::bigint[])');

const putRows = defineStatement(
  'put_installed_sets',
  `INSERT INTO installed_sets (owner_id, kind, set_id, position, archived, date)
   SELECT $1, $2, u.set_id, u.place - 1, u.archived, u.date FROM unnest($3::bigint[], $4::boolean[], $5::integer[]) WITH ORDINALITY AS u (set_id, archived, date, place)
   ON CONFLICT (owner_id, kind, set_id) DO UPDATE SET position = excluded.position, archived = excluded.archived, date = excluded.date
    WHERE (installed_sets.position, installed_sets.archived, installed_sets.date) IS DISTINCT FROM (excluded.position, excluded.archived, excluded.date)`,
);

/** The owner of the list that an operator has made for those who have changed nothing. */
export const EVERYBODYS_LIST = 0n;

/** Lists the sets of a list, first one first: that of the owner, or the one that an operator has made. @returns undefined if there is neither */
export async function listInstalledRows(db: Pick<Database, 'run'>, { ownerId, kind }: ListPlace): Promise<InstalledRow[] | undefined> {
  const { rows } = await db.run(listRows, [ownerId, KIND_NUMBERS[kind]]);
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ set_id: setId, archived: isArchived, date }) => (setId === null ? [] : [{ setId, isArchived, date }]));
}

/** Makes these sets, in this order, the list of its owner. The box of the owner must be locked. */
export async function saveInstalledRows(tx: Tx, { ownerId, kind }: ListPlace, rows: readonly InstalledRow[]): Promise<void> {
  const ids = rows.map(({ setId }) => setId);
  await tx.run(ownList, [ownerId, KIND_NUMBERS[kind]]);
  await tx.run(dropOthers, [ownerId, KIND_NUMBERS[kind], ids]);
  await tx.run(putRows, [ownerId, KIND_NUMBERS[kind], ids, rows.map(({ isArchived }) => isArchived), rows.map(({ date }) => date)]);
}
