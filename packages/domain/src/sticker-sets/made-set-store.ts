import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { RELEASE_REMOVED } from '../documents/index.ts';
import type { SetKind } from './default-sets.ts';
import { emojiKey } from './emoji-key.ts';
import { KIND_NUMBERS, kindOfNumber } from './installed-store.ts';
import { hashOfVersion, type SetHead, type SetItem } from './served-set.ts';

/** A set that somebody has made, without its documents. */
export type MadeSet = SetHead & Required<Pick<SetHead, 'made'>>;

interface SetColumns {
  set_id: bigint;
  kind: number;
  creator_id: bigint;
  maker_id: bigint;
  title: string;
  short_name: string;
  text_color: boolean;
  version: number;
  thumb_document_id: bigint | null;
  count: number;
}

const COLUMNS = 's.set_id, s.kind, s.creator_id, s.maker_id, s.title, s.short_name, s.text_color, s.version, s.thumb_document_id, s.count';

const findRows = defineStatement<SetColumns>('find_sticker_sets', `SELECT ${COLUMNS} FROM sticker_sets s WHERE s.set_id = ANY ($1::bigint[]) OR s.name_key = ANY ($2::text[])`);

const listRowsOf = defineStatement<SetColumns>('list_sticker_sets_of', `SELECT ${COLUMNS} FROM sticker_sets s WHERE s.creator_id = $1 AND ($2::bigint = 0 OR s.set_id < $2) ORDER BY s.set_id DESC LIMIT $3`);

const listListedRows = defineStatement<SetColumns>('list_listed_sticker_sets', `SELECT ${COLUMNS} FROM sticker_sets s WHERE s.listed_date IS NOT NULL ORDER BY s.listed_date DESC LIMIT $1`);

const listNewestRows = defineStatement<SetColumns & { listed_date: number | null }>('list_newest_sticker_sets', `SELECT ${COLUMNS}, s.listed_date FROM sticker_sets s ORDER BY s.created_date DESC, s.set_id DESC LIMIT $1`);

const saveListedRow = defineStatement('save_listed_sticker_set', 'UPDATE sticker_sets SET listed_date = $2 WHERE set_id = $1');

const countRowsOf = defineStatement<{ sets: number; recent: number }>(
  'count_sticker_sets_of',
  'SELECT count(*)::integer AS sets, count(*) FILTER (WHERE created_date > $2)::integer AS recent FROM sticker_sets WHERE maker_id = $1',
);

const countDocumentsOf = defineStatement<{ documents: number; recent: number; bytes: bigint }>(
  'count_sticker_documents_of',
  'SELECT count(*)::integer AS documents, count(*) FILTER (WHERE added_date > $2)::integer AS recent, coalesce(sum(size), 0)::bigint AS bytes FROM sticker_documents WHERE maker_id = $1',
);

interface ItemColumns {
  set_id: bigint;
  document_id: bigint;
  source_id: bigint;
  emoji: string[];
  keywords: string[];
}

const listItemRows = defineStatement<ItemColumns>(
  'list_sticker_documents',
  'SELECT set_id, document_id, source_id, emoji, keywords FROM sticker_documents WHERE set_id = ANY ($1::bigint[]) AND position < $2 ORDER BY set_id, position',
);

const findSetsOf = defineStatement<{ document_id: bigint; set_id: bigint; kind: number }>('find_sets_of_documents', 'SELECT document_id, set_id, kind FROM sticker_documents WHERE document_id = ANY ($1::bigint[])');

const listByEmojiRows = defineStatement<{ set_id: bigint; document_id: bigint }>(
  'list_sticker_documents_by_emoji',
  'SELECT set_id, document_id FROM sticker_documents WHERE set_id = ANY ($1::bigint[]) AND position IS NOT NULL AND emoji_keys && $2::text[] ORDER BY set_id, position LIMIT $3',
);

const listKept = defineStatement<{ document_id: bigint }>(
  'list_documents_of_set',
  // Texts name custom emoji by their ids alone. Pictures of sets have no place.
  `SELECT d.document_id FROM sticker_documents d WHERE d.set_id = $1 AND d.document_id = ANY ($2::bigint[])
      AND (d.position IS NOT NULL OR d.kind = 2 OR EXISTS (SELECT FROM sticker_sets s WHERE s.set_id = d.set_id AND s.thumb_document_id = d.document_id))`,
);

const insertSetRow = defineStatement(
  'insert_sticker_set',
  `INSERT INTO sticker_sets (set_id, kind, creator_id, maker_id, title, short_name, name_key, text_color, version, count, thumb_document_id, created_date)
   VALUES ($1, $2, $3, $4, $5, $6, lower($6), $7, 1, $8, $9, $10) ON CONFLICT (name_key) DO NOTHING`,
);

const insertItemRows = defineStatement(
  'insert_sticker_documents',
  `INSERT INTO sticker_documents (document_id, set_id, kind, creator_id, maker_id, source_id, size, position, emoji, emoji_keys, keywords, added_date)
   SELECT u.document_id, $1, $2, $3, $4, u.source_id, u.size, u.position, string_to_array(u.emoji, ' '), string_to_array(u.keys, ' '), string_to_array(u.keywords, ','), $5
     FROM unnest($6::bigint[], $7::bigint[], $8::integer[], $9::integer[], $10::text[], $11::text[], $12::text[]) AS u (document_id, source_id, size, position, emoji, keys, keywords)`,
);

const placeRows = defineStatement(
  'place_sticker_documents',
  `UPDATE sticker_documents d SET position = u.place - 1 FROM unnest($2::bigint[]) WITH ORDINALITY AS u (id, place)
    WHERE d.document_id = u.id AND d.set_id = $1 AND d.position IS DISTINCT FROM u.place - 1`,
);

const retireRow = defineStatement('retire_sticker_document', 'UPDATE sticker_documents SET position = NULL WHERE document_id = $1');

const changeWords = defineStatement(
  'change_sticker_words',
  `UPDATE sticker_documents SET emoji = string_to_array($2, ' '), emoji_keys = string_to_array($3, ' '), keywords = string_to_array($4, ',') WHERE document_id = $1`,
);

const changeSetRow = defineStatement('change_sticker_set', `UPDATE sticker_sets SET title = $2, thumb_document_id = $3, version = version + 1,
     count = (SELECT count(*)::integer FROM sticker_documents d WHERE d.set_id = $1 AND d.position IS NOT NULL)
   WHERE set_id = $1`);

const deleteSetRow = defineStatement<{ document_id: bigint }>(
  'delete_sticker_set',
  `WITH gone AS (DELETE FROM sticker_sets WHERE set_id = $1 RETURNING set_id, name_key, creator_id),
        held AS (INSERT INTO left_set_names (name_key, creator_id, free_date) SELECT name_key, creator_id, $2 FROM gone
                 ON CONFLICT (name_key) DO UPDATE SET creator_id = excluded.creator_id, free_date = excluded.free_date)
   UPDATE sticker_documents d SET position = NULL FROM gone WHERE d.set_id = gone.set_id RETURNING d.document_id`,
);

const forgetNames = defineStatement('forget_left_set_names', 'DELETE FROM left_set_names WHERE free_date <= $1');

const findHeld = defineStatement('find_left_set_name', 'SELECT FROM left_set_names WHERE name_key = $1 AND free_date > $2 AND creator_id <> $3');

const leaveNames = defineStatement('leave_set_names_of', 'UPDATE left_set_names SET creator_id = 0 WHERE creator_id = $1');

const dropSetRows = defineStatement('drop_sticker_sets_of', `
   WITH gone AS (DELETE FROM sticker_sets WHERE ctid = ANY (ARRAY(SELECT ctid FROM sticker_sets WHERE creator_id = $1 LIMIT $2)) RETURNING name_key)
   INSERT INTO left_set_names (name_key, creator_id, free_date) SELECT name_key, 0, extract(epoch FROM now())::integer + $3 FROM gone ON CONFLICT (name_key) DO UPDATE SET creator_id = 0, free_date = excluded.free_date`);

const dropDocumentRows = defineStatement<{ removed: number }>(
  'drop_sticker_documents_of',
  `WITH removed AS (
     DELETE FROM sticker_documents WHERE ctid = ANY (ARRAY(SELECT ctid FROM sticker_documents WHERE creator_id = $1 LIMIT $2)) RETURNING document_id), ${RELEASE_REMOVED}`,
);

function setOf({ set_id: id, kind, title, short_name: shortName, text_color: textColor, version, count, ...row }: SetColumns): MadeSet {
  return {
    id,
    title,
    shortName,
    kind: kindOfNumber(kind),
    textColor,
    isListed: false,
    hash: hashOfVersion(id, version),
    count,
    made: { creatorId: row.creator_id, makerId: row.maker_id, version, thumbId: row.thumb_document_id ?? undefined },
  };
}

/** Finds sets by id, and by short name in lower case. */
export async function findMadeSets(db: Pick<Database, 'run'>, { ids = [], nameKeys = [] }: { ids?: readonly bigint[]; nameKeys?: readonly string[] }): Promise<MadeSet[]> {
  return ids.length + nameKeys.length === 0 ? [] : (await db.run(findRows, [ids, nameKeys])).rows.map(setOf);
}

/** Lists the sets of somebody, the newest ids first. @param beforeId 0: from the first one */
export async function listMadeSetsOf(db: Pick<Database, 'run'>, creatorId: bigint, { beforeId, limit }: { beforeId: bigint; limit: number }): Promise<MadeSet[]> {
  return (await db.run(listRowsOf, [creatorId, beforeId, limit])).rows.map(setOf);
}

/** Lists the sets that the operator lets everybody find. */
export async function listListedSets(db: Pick<Database, 'run'>, limit: number): Promise<MadeSet[]> {
  return (await db.run(listListedRows, [limit])).rows.map(setOf);
}

/** Lists the sets that people have made last, and whether everybody finds them. */
export async function listNewestSets(db: Pick<Database, 'run'>, limit: number): Promise<{ set: MadeSet; isListed: boolean }[]> {
  return (await db.run(listNewestRows, [limit])).rows.map((row) => ({ set: setOf(row), isListed: row.listed_date !== null }));
}

/** Lets everybody find a set, or no longer. @param date undefined: no longer */
export async function saveListed(tx: Tx, id: bigint, date: number | undefined): Promise<void> {
  await tx.run(saveListedRow, [id, date ?? null]);
}

/** Counts the sets that somebody has made, for whomever. @returns how many in all, and how many that are younger than a date */
export async function countMadeSets(db: Pick<Database, 'run'>, makerId: bigint, sinceDate: number): Promise<{ sets: number; recent: number }> {
  return (await db.run(countRowsOf, [makerId, sinceDate])).rows[0]!;
}

/** Counts the documents in the sets that somebody has made, those too that have left them. */
export async function countStickerDocuments(db: Pick<Database, 'run'>, makerId: bigint, sinceDate: number): Promise<{ documents: number; recent: number; bytes: bigint }> {
  return (await db.run(countDocumentsOf, [makerId, sinceDate])).rows[0]!;
}

/** A document of a set that somebody has made. */
export interface MadeItem extends SetItem {
  readonly others: readonly string[];
  readonly keywords: readonly string[];
  /** The upload, or the sticker of another set, from which it was made. */
  readonly sourceId: bigint;
}

/** More documents than any set has. */
const ALL = 1000;

/** Lists the documents of sets, by set and in their order. @param first only so many of each */
export async function listMadeItems(db: Pick<Database, 'run'>, setIds: readonly bigint[], first = ALL): Promise<Map<bigint, MadeItem[]>> {
  const items = new Map<bigint, MadeItem[]>(setIds.map((id) => [id, []]));
  if (setIds.length === 0) return items;
  for (const { set_id: setId, document_id: id, source_id: sourceId, emoji: [emoji = '', ...others], keywords } of (await db.run(listItemRows, [setIds, first])).rows) items.get(setId)!.push({ id, sourceId, emoji, others, keywords });
  return items;
}

/** Finds the sets for which documents were made, those that have left it too. */
export async function findSetsOfDocuments(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<Map<bigint, { setId: bigint; kind: SetKind }>> {
  return ids.length === 0 ? new Map() : new Map((await db.run(findSetsOf, [ids])).rows.map(({ document_id: id, set_id: setId, kind }) => [id, { setId, kind: kindOfNumber(kind) }]));
}

/** The documents of sets that stand for one of these emoji, each with its set. */
export async function listMadeByEmoji(db: Pick<Database, 'run'>, setIds: readonly bigint[], { emoji, limit }: { emoji: readonly string[]; limit: number }): Promise<Map<bigint, bigint>> {
  return setIds.length === 0 ? new Map() : new Map((await db.run(listByEmojiRows, [setIds, emoji, limit])).rows.map(({ set_id: setId, document_id: id }) => [id, setId]));
}

/** Those of these documents that a set shows. Stickers that have left it are shown by the messages that have them; custom emoji by every text. */
export async function listDocumentsOfSet(db: Pick<Database, 'run'>, setId: bigint, ids: readonly bigint[]): Promise<bigint[]> {
  return (await db.run(listKept, [setId, ids])).rows.map(({ document_id: id }) => id);
}

/** Adds a set without documents. @returns false if its name is taken */
export async function insertMadeSet(tx: Tx, set: MadeSet, date: number): Promise<boolean> {
  const { id, kind, title, shortName, textColor, count, made } = set;
  return (await tx.run(insertSetRow, [id, KIND_NUMBERS[kind], made.creatorId, made.makerId, title, shortName, textColor, count, made.thumbId ?? null, date])).count > 0;
}

/** A document that is added to a set. */
export interface NewItem extends MadeItem {
  /** Bytes. */
  size: number;
  /** From 0; null for the picture of the set. */
  position: number | null;
}

/** Adds documents to a set. */
export async function insertMadeItems(tx: Tx, { id, kind, made }: MadeSet, items: readonly NewItem[], date: number): Promise<void> {
  if (items.length === 0) return;
  await tx.run(insertItemRows, [
    id, KIND_NUMBERS[kind], made.creatorId, made.makerId, date,
    items.map((item) => item.id), items.map(({ sourceId }) => sourceId), items.map(({ size }) => size), items.map(({ position }) => position),
    items.map(emojiText), items.map(keyText), items.map(keywordText),
  ]);
}

const emojiText = ({ emoji, others }: Pick<MadeItem, 'emoji' | 'others'>): string => [emoji, ...others].join(' ');
const keyText = ({ emoji, others }: Pick<MadeItem, 'emoji' | 'others'>): string => [emoji, ...others].map(emojiKey).join(' ');
const keywordText = ({ keywords }: Pick<MadeItem, 'keywords'>): string => keywords.join(',');

/** Puts the documents of a set into this order. */
export async function placeMadeItems(tx: Tx, setId: bigint, ids: readonly bigint[]): Promise<void> {
  await tx.run(placeRows, [setId, ids]);
}

/** Takes a document out of its set. It remains a document of that set for those who have its id. */
export async function retireMadeItem(tx: Tx, id: bigint): Promise<void> {
  await tx.run(retireRow, [id]);
}

/** Changes the emoji and the words of a document. */
export async function changeItemWords(tx: Tx, item: Pick<MadeItem, 'id' | 'emoji' | 'others' | 'keywords'>): Promise<void> {
  await tx.run(changeWords, [item.id, emojiText(item), keyText(item), keywordText(item)]);
}

/** Saves title and picture of a set, counts its documents anew, and gives it the next version: every change of the set or of its documents ends with this. */
export async function changeMadeSet(tx: Tx, id: bigint, { title, thumbId }: { title: string; thumbId: bigint | undefined }): Promise<void> {
  await tx.run(changeSetRow, [id, title, thumbId ?? null]);
}

/** How long only its former owner may give the name of a deleted set to another one, in seconds: links to it stand in old messages. */
const NAME_HELD_S = 30 * 86_400;

/** Deletes a set. Its documents stay, and its name is held for a while. @returns the documents that it had */
export async function deleteMadeSet(tx: Tx, id: bigint, nowDate: number): Promise<bigint[]> {
  await tx.run(forgetNames, [nowDate]);
  return (await tx.run(deleteSetRow, [id, nowDate + NAME_HELD_S])).rows.map(({ document_id: documentId }) => documentId);
}

/** Whether somebody else has deleted a set of this name a short while ago. @param nameKey in lower case */
export async function isNameHeld(db: Pick<Database, 'run'>, nameKey: string, { creatorId, nowDate }: { creatorId: bigint; nowDate: number }): Promise<boolean> {
  return (await db.run(findHeld, [nameKey, nowDate, creatorId])).rows.length > 0;
}

/** Deletes a slice of the sets of an account that is deleted. @returns the number of deleted rows */
export async function dropMadeSetsOf(tx: Tx, creatorId: bigint, limit: number): Promise<number> {
  await tx.run(leaveNames, [creatorId]);
  const { count } = await tx.run(dropSetRows, [creatorId, limit, NAME_HELD_S]);
  return count > 0 ? count : ((await tx.run(dropDocumentRows, [creatorId, limit])).rows[0]?.removed ?? 0);
}
