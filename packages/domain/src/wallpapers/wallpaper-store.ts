import { type Database, defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

/** A wallpaper that a user has uploaded. */
export interface WallpaperRow {
  id: bigint;
  slug: string;
  creatorId: bigint;
  documentId: bigint;
  isPattern: boolean;
  /** As the creator has set them. */
  settings: tl.wallPaperSettings | undefined;
}

interface WallpaperColumns extends Omit<WallpaperRow, 'settings'> {
  settings: Uint8Array | null;
}

const COLUMNS = 'wallpaper_id AS id, slug, creator_id AS "creatorId", document_id AS "documentId", is_pattern AS "isPattern", settings';

const readByIds = defineStatement<WallpaperColumns>('find_wallpapers', `SELECT ${COLUMNS} FROM wallpapers WHERE wallpaper_id = ANY ($1::bigint[])`);

const readNamed = defineStatement<WallpaperColumns>('find_named_wallpapers', `SELECT ${COLUMNS} FROM wallpapers WHERE wallpaper_id = ANY ($1::bigint[]) OR slug = ANY ($2::text[])`);

// A call that is repeated after its answer was lost gets the same document, and so the same wallpaper. Its settings are those of the last call.
const insertRow = defineStatement<WallpaperColumns>(
  'insert_wallpaper',
  `INSERT INTO wallpapers (wallpaper_id, slug, creator_id, document_id, is_pattern, settings, created_date) VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (document_id) DO UPDATE SET settings = excluded.settings RETURNING ${COLUMNS}`,
);

const sweepRows = defineStatement(
  'sweep_wallpapers',
  `DELETE FROM wallpapers WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM wallpapers w WHERE created_date < $1 AND NOT EXISTS (SELECT FROM documents d WHERE d.document_id = w.document_id) LIMIT $2))`,
);

const listRows = defineStatement<{ id: bigint; isHidden: boolean; settings: Uint8Array | null }>(
  'list_saved_wallpapers',
  'SELECT wallpaper_id AS id, is_hidden AS "isHidden", settings FROM saved_wallpapers WHERE owner_id = $1 ORDER BY position DESC, wallpaper_id',
);

const putRow = defineStatement(
  'save_wallpaper',
  `INSERT INTO saved_wallpapers (owner_id, wallpaper_id, position, is_hidden, settings)
   VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM saved_wallpapers WHERE owner_id = $1), $3, $4)
   ON CONFLICT (owner_id, wallpaper_id) DO UPDATE SET position = excluded.position, is_hidden = excluded.is_hidden, settings = excluded.settings`,
);

const removeRows = defineStatement('drop_saved_wallpapers', 'DELETE FROM saved_wallpapers WHERE owner_id = $1 AND wallpaper_id = ANY ($2::bigint[])');

// The cast is safe: nothing else is stored in these columns.
const settingsOf = (bytes: Uint8Array | null): tl.wallPaperSettings | undefined => (bytes === null ? undefined : (storedDecode(bytes) as tl.wallPaperSettings));
const bytesOf = (settings: tl.wallPaperSettings | undefined): Uint8Array | null => (settings === undefined ? null : storedEncode(settings));
const rowOf = (row: WallpaperColumns): WallpaperRow => ({ ...row, settings: settingsOf(row.settings) });

/** Finds wallpapers by id. */
export async function findWallpapers(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<Map<bigint, WallpaperRow>> {
  return new Map((await db.run(readByIds, [ids])).rows.map((row) => [row.id, rowOf(row)]));
}

/** Finds wallpapers by their ids, and by the names in their links. */
export async function findNamedWallpapers(db: Pick<Database, 'run'>, { ids, slugs }: { ids: readonly bigint[]; slugs: readonly string[] }): Promise<WallpaperRow[]> {
  return (await db.run(readNamed, [ids, slugs])).rows.map(rowOf);
}

/** The document of a wallpaper. */
export async function findWallpaperDocument(db: Pick<Database, 'run'>, wallpaperId: bigint): Promise<bigint | undefined> {
  return (await findWallpapers(db, [wallpaperId])).get(wallpaperId)?.documentId;
}

/** Adds a wallpaper, or finds the one that was made of this document before. */
export async function insertWallpaper(tx: Tx, wallpaper: WallpaperRow, nowDate: number): Promise<WallpaperRow> {
  const { id, slug, creatorId, documentId, isPattern, settings } = wallpaper;
  return rowOf((await tx.run(insertRow, [id, slug, creatorId, documentId, isPattern, bytesOf(settings), nowDate])).rows[0]!);
}

/** Forgets wallpapers whose document was collected. @returns how many */
export async function sweepWallpapers(tx: Tx, beforeDate: number, limit: number): Promise<number> {
  return (await tx.run(sweepRows, [beforeDate, limit])).count;
}

/** A wallpaper in the list of a user. */
export interface SavedWallpaper {
  id: bigint;
  /** Whether the user has removed it although everybody has it. */
  isHidden: boolean;
  settings: tl.wallPaperSettings | undefined;
}

/** Lists what a user has changed about the list of wallpapers, latest first. */
export async function listSavedWallpapers(db: Pick<Database, 'run'>, ownerId: bigint): Promise<SavedWallpaper[]> {
  return (await db.run(listRows, [ownerId])).rows.map((row) => ({ ...row, settings: settingsOf(row.settings) }));
}

/** Puts a wallpaper at the beginning of a list, or hides it. */
export async function saveWallpaper(tx: Tx, ownerId: bigint, { id, isHidden, settings }: SavedWallpaper): Promise<void> {
  await tx.run(putRow, [ownerId, id, isHidden, bytesOf(settings)]);
}

/** Takes wallpapers out of a list. */
export async function dropSavedWallpapers(tx: Tx, ownerId: bigint, ids: readonly bigint[]): Promise<void> {
  if (ids.length > 0) await tx.run(removeRows, [ownerId, ids]);
}
