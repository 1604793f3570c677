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

const readRow = defineStatement<{ body: Uint8Array | null; isOverridden: boolean; earlier: Uint8Array | null }>(
  'find_chat_wallpaper',
  'SELECT body, is_overridden AS "isOverridden", earlier_body AS earlier FROM chat_wallpapers WHERE owner_id = $1 AND peer_id = $2',
);

const putRow = defineStatement(
  'save_chat_wallpaper',
  `INSERT INTO chat_wallpapers (owner_id, peer_id, body, document_id, is_overridden, earlier_body, earlier_document_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (owner_id, peer_id) DO UPDATE
      SET body = excluded.body, document_id = excluded.document_id, is_overridden = excluded.is_overridden,
          earlier_body = excluded.earlier_body, earlier_document_id = excluded.earlier_document_id`,
);

const removeRow = defineStatement('drop_chat_wallpaper', 'DELETE FROM chat_wallpapers WHERE owner_id = $1 AND peer_id = $2');

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

/** The wallpaper of a chat; undefined if there never was one. */
export async function findChatWallpaper(db: Pick<Database, 'run'>, { ownerId, peerId }: ChatOfOwner): Promise<ChatWallpaper | undefined> {
  const [row] = (await db.run(readRow, [ownerId, peerId])).rows;
  return row && { wallpaper: decode(row.body), isOverridden: row.isOverridden, earlier: decode(row.earlier) };
}

/** Sets the wallpaper of a chat; without one and without an earlier one, there is none any longer. The box of the owner must be locked. */
export async function saveChatWallpaper(tx: Tx, { ownerId, peerId }: ChatOfOwner, { wallpaper, isOverridden, earlier }: ChatWallpaper): Promise<void> {
  if (wallpaper === undefined && earlier === undefined) await tx.run(removeRow, [ownerId, peerId]);
  else await tx.run(putRow, [ownerId, peerId, encode(wallpaper), documentOf(wallpaper), isOverridden, encode(earlier), documentOf(earlier)]);
  const place = { ownerId, list: CHAT_WALLPAPERS };
  const documentId = documentOf(wallpaper);
  if (documentId !== null) await keepFirst(tx, place, documentId);
  await dropKept(tx, place, (await tx.run(listUnused, [ownerId, CHAT_WALLPAPERS])).rows.map((row) => row.document_id));
}
