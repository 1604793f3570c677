import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { findFolderByLink, findFolderLink, type FolderLink } from '../chat-list/index.ts';
import { listFilters } from '../dialogs/index.ts';
import { peersOfFolder } from './folder-peers.ts';
import { type LinkedChatsDeps, listOffered } from './linked-chats.ts';

/** A folder as somebody sees it who has a link to it. */
export interface OfferedFolder {
  link: FolderLink;
  /** The author's folder, for its title and icon. */
  folder: tl.dialogFilterChatlist;
  /** The viewer's own folder, if the viewer added it before or is its author. */
  ownId: number | undefined;
  /** Marked ids of the chats that the viewer's folder lacks, and of those that the viewer is not a member of. */
  missing: bigint[];
  /** Marked ids of the other chats. */
  already: bigint[];
}

/** Secrets of links have fewer characters. */
const SLUG_MAX = 64;

/**
 * Checks what a client says is the last part of the address of a link, before the database is asked for it: text there cannot contain every character.
 * @throws RpcError 400 INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED
 */
export function checkSlug(slug: string): void {
  if (slug === '') throw rpcError('INVITE_SLUG_EMPTY');
  if (slug.length > SLUG_MAX || !/^[\w-]+$/.test(slug)) throw rpcError('INVITE_SLUG_EXPIRED');
}

/**
 * Finds a link that leads to a folder.
 * @throws RpcError 400 INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED
 */
export async function findLinkedFolder(db: Database, slug: string): Promise<{ link: FolderLink; folder: tl.dialogFilterChatlist }> {
  checkSlug(slug);
  const link = await findFolderLink(db.q, slug);
  const folder = link && (await listFilters(db.q, link.owner_id)).find(({ id }) => id === link.filter_id)?.filter;
  if (link === undefined || folder?._ !== 'dialogFilterChatlist') throw rpcError('INVITE_SLUG_EXPIRED');
  return { link, folder };
}

/**
 * Finds the folder that a link offers to a viewer.
 * @throws RpcError 400 INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED (no such link, or nothing is left that it could offer)
 */
export async function findOfferedFolder(deps: LinkedChatsDeps & { db: Database }, viewerId: bigint, slug: string): Promise<OfferedFolder> {
  const { db } = deps;
  const { link, folder } = await findLinkedFolder(db, slug);
  const [offered, own] = await Promise.all([
    listOffered(deps, link, viewerId),
    link.owner_id === viewerId ? { filter_id: link.filter_id } : findFolderByLink(db.q, viewerId, slug),
  ]);
  const ownFilter = own && (await listFilters(db.q, viewerId)).find(({ id }) => id === own.filter_id)?.filter;
  if (offered.size === 0 && ownFilter === undefined) throw rpcError('INVITE_SLUG_EXPIRED');
  const known = ownFilter && peersOfFolder(ownFilter);
  const already = [...offered].filter(([peerId, { isMember }]) => isMember && known?.has(peerId) === true).map(([peerId]) => peerId);
  const missing = [...offered.keys()].filter((peerId) => !already.includes(peerId));
  return { link, folder, ownId: ownFilter === undefined ? undefined : own!.filter_id, missing, already };
}
