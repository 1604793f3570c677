import { type Database, defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { CHAT_WALLPAPERS, dropKept, keepFirst } from '../collections/index.ts';
import { documentIdsOfWallpaper } from '../documents/index.ts';

/** The wallpaper of a private chat as one of the two sees it. */
export interface ChatWallpaper {
  /** Without access hashes and file reference. */
  wallpaper: tl.WallPaper | undefined;
  /** Whether the other one has set it for both. */
  isOverridden: boolean;
  /** The one before the other one has set one for both. */
  earlier: tl.WallPaper | undefined;
}

/** A private chat in the box of one of the two. */
export interface ChatOfOwner {
  ownerId: bigint;
  /** Marked. */
  peerId: bigint;
}

const readRow = defineStatement<{ body: Uint8Array | null; isOverridden: boolean; earlier: Uint8Array | null; theme: string | null }>(
  'find_chat_wallpaper',
  'SELECT body, is_overridden AS "isOverridden", earlier_body AS earlier, theme FROM chat_wallpapers WHERE owner_id = $1 AND peer_id = $2',
);

const putRow = defineStatement(
  'save_chat_wallpaper',
  `INSERT INTO chat_wallpapers (owner_id, peer_id, body, document_id, is_overridden, earlier_body, earlier_document_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (owner_id, peer_id) DO UPDATE
      SET body = excluded.body, document_id = excluded.document_id, is_overridden = excluded.is_overridden,
          earlier_body = excluded.earlier_body, earlier_document_id = excluded.earlier_document_id`,
);

const removeRow = defineStatement('drop_chat_wallpaper', 'DELETE FROM chat_wallpapers WHERE owner_id = $1 AND peer_id = $2 AND theme IS NULL');

const putTheme = defineStatement(
  'save_chat_theme',
  `INSERT INTO chat_wallpapers (owner_id, peer_id, is_overridden, theme) VALUES ($1, $2, false, $3)
   ON CONFLICT (owner_id, peer_id) DO UPDATE SET theme = excluded.theme WHERE chat_wallpapers.theme IS DISTINCT FROM excluded.theme RETURNING owner_id`,
);

const clearTheme = defineStatement('clear_chat_theme', 'UPDATE chat_wallpapers SET theme = NULL WHERE owner_id = $1 AND peer_id = $2 AND theme IS NOT NULL RETURNING owner_id');

const removeEmptyRow = defineStatement('drop_empty_chat_wallpaper', 'DELETE FROM chat_wallpapers WHERE owner_id = $1 AND peer_id = $2 AND theme IS NULL AND body IS NULL AND earlier_body IS NULL');

const listUnused = defineStatement<{ document_id: bigint }>(
  'list_unused_chat_wallpapers',
  `SELECT k.document_id FROM kept_documents k
    WHERE k.owner_id = $1 AND k.list = $2
      AND NOT EXISTS (SELECT FROM chat_wallpapers c WHERE c.owner_id = $1 AND k.document_id IN (c.document_id, c.earlier_document_id))`,
);

// The cast is safe: nothing else is stored in these columns.
const decode = (bytes: Uint8Array | null): tl.WallPaper | undefined => (bytes === null ? undefined : (storedDecode(bytes) as tl.WallPaper));
const encode = (wallpaper: tl.WallPaper | undefined): Uint8Array | null => (wallpaper === undefined ? null : storedEncode(wallpaper));
const documentOf = (wallpaper: tl.WallPaper | undefined): bigint | null => documentIdsOfWallpaper(wallpaper)[0] ?? null;

/** The wallpaper of a chat, and the emoji of its theme; undefined if there never was one of both. */
export async function findChatWallpaper(db: Pick<Database, 'run'>, { ownerId, peerId }: ChatOfOwner): Promise<(ChatWallpaper & { theme: string | undefined }) | undefined> {
  const [row] = (await db.run(readRow, [ownerId, peerId])).rows;
  return row && { wallpaper: decode(row.body), isOverridden: row.isOverridden, earlier: decode(row.earlier), theme: row.theme ?? undefined };
}

/** Sets the wallpaper of a chat; without one and without an earlier one, there is none any longer. The box of the owner must be locked. */
export async function saveChatWallpaper(tx: Tx, { ownerId, peerId }: ChatOfOwner, { wallpaper, isOverridden, earlier }: ChatWallpaper): Promise<void> {
  const removed = wallpaper === undefined && earlier === undefined ? (await tx.run(removeRow, [ownerId, peerId])).count : undefined;
  // A theme keeps the row.
  if (removed === undefined || removed === 0) await tx.run(putRow, [ownerId, peerId, encode(wallpaper), documentOf(wallpaper), isOverridden, encode(earlier), documentOf(earlier)]);
  const place = { ownerId, list: CHAT_WALLPAPERS };
  const documentId = documentOf(wallpaper);
  if (documentId !== null) await keepFirst(tx, place, documentId);
  await dropKept(tx, place, (await tx.run(listUnused, [ownerId, CHAT_WALLPAPERS])).rows.map((row) => row.document_id));
}

/** Gives a chat a theme, or none. The box of the owner must be locked. @returns whether it had another one */
export async function saveChatTheme(tx: Tx, { ownerId, peerId }: ChatOfOwner, emoticon: string | undefined): Promise<boolean> {
  if (emoticon !== undefined) return (await tx.run(putTheme, [ownerId, peerId, emoticon])).rows.length > 0;
  if ((await tx.run(clearTheme, [ownerId, peerId])).rows.length === 0) return false;
  await tx.run(removeEmptyRow, [ownerId, peerId]);
  return true;
}
