import { type ErrorName, RpcError, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { listFilters } from '../dialogs/index.ts';
import type { Queries } from '../events/index.ts';
import { PeerSet } from '../peers/index.ts';

/** A folder of the list of folders, with its number. */
export interface ListedFolder {
  id: number;
  filter: tl.DialogFilter;
}

/**
 * Lists an owner's folders, and finds one of them.
 * @throws RpcError 400 FILTER_ID_INVALID
 */
export async function findFolder(q: Queries, ownerId: bigint, filterId: number): Promise<{ folders: ListedFolder[]; filter: tl.DialogFilter }> {
  const folders = await listFilters(q, ownerId);
  const filter = folders.find((folder) => folder.id === filterId)?.filter;
  if (filter === undefined || filter._ === 'dialogFilterDefault') throw rpcError('FILTER_ID_INVALID');
  return { folders, filter };
}

/** Checks that a folder is one that is shared or was added by a link. @throws RpcError 400 FILTER_NOT_SUPPORTED */
export function checkShared(filter: tl.DialogFilter): tl.dialogFilterChatlist {
  if (filter._ !== 'dialogFilterChatlist') throw rpcError('FILTER_NOT_SUPPORTED');
  return filter;
}

/** The chats that a folder pins or includes. Pure. */
export function peersOfFolder(filter: tl.DialogFilter): PeerSet {
  const peers = new PeerSet();
  if (filter._ !== 'dialogFilterDefault') for (const peer of [...filter.pinned_peers, ...filter.include_peers]) peers.addObject(peer);
  return peers;
}

/** How many chats a folder pins or includes. Pure. */
export function countChats({ pinned_peers, include_peers }: tl.dialogFilterChatlist): number {
  return pinned_peers.length + include_peers.length;
}

/** Whether something that was thrown is a certain error for the client. Pure. */
export function isError(error: unknown, name: ErrorName): boolean {
  return error instanceof RpcError && error.entry === name;
}
