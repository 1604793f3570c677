import { unmarkPeer } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Channels } from '../channels/index.ts';
import { FILTER_CHATS_MAX, FILTERS_MAX, findFolderByLink, findJoinedFolder, type FolderLink, freeFilterId, type JoinedFolder, saveJoinedFolder } from '../chat-list/index.ts';
import { listFilters, saveFilter } from '../dialogs/index.ts';
import type { BoxWriter, Queries } from '../events/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import { ME_URL_PREFIX } from '../shared/index.ts';
import type { FolderActing } from './folder-links.ts';
import { checkShared, countChats, findFolder, isError, peersOfFolder } from './folder-peers.ts';
import { type LinkedChatsDeps, listOffered } from './linked-chats.ts';
import { findLinkedFolder } from './offered-folder.ts';

/** How much of a link admins of its chats are shown: enough to tell links apart. */
const SHOWN_LENGTH = 4;

/** The dependencies of joining folders. */
export interface JoinFolderDeps extends LinkedChatsDeps, Pick<BoxWriter, 'writeBoxes'> {
  db: Database;
  accessHashes: AccessHashes;
  channels: Pick<Channels, 'at'>;
}

/** A link that somebody joins by, and the folder to which it leads. */
interface Joining {
  link: FolderLink;
  folder: tl.dialogFilterChatlist;
  /** Marked ids of the chats that are to be joined. */
  peerIds: readonly bigint[];
}

/**
 * Joins chats of a link and adds them to the viewer's folders. By a link that was used before, they are added to that folder. A repeat changes nothing
 * more.
 * @param peerIds marked ids; those that the link does not offer are left out
 * @returns the update about the folder
 * @throws RpcError 400 INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED, FILTER_INCLUDE_EMPTY, CHATLISTS_TOO_MUCH; the error of joining the first chat, if no chat could
 *   be joined; 420 FLOOD_WAIT, after the chats joined so far were saved in the folder
 */
export async function doJoinFolder(deps: JoinFolderDeps, acting: FolderActing, slug: string, peerIds: readonly bigint[]): Promise<tl.updateDialogFilter> {
  return join(deps, acting, { ...(await findLinkedFolder(deps.db, slug)), peerIds });
}

/**
 * Joins chats that the author of a link added after the viewer had added the folder.
 * @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED, FILTER_INCLUDE_EMPTY, and that of joining, if none could be joined
 */
export async function doJoinNews(deps: JoinFolderDeps, acting: FolderActing, filterId: number, peerIds: readonly bigint[]): Promise<tl.updateDialogFilter> {
  const { db } = deps;
  checkShared((await findFolder(db.q, acting.actorId, filterId)).filter);
  const joined = await findJoinedFolder(db.q, { ownerId: acting.actorId, filterId });
  if (joined === undefined) throw rpcError('FILTER_INCLUDE_EMPTY');
  return join(deps, acting, { ...(await findLinkedFolder(db, joined.slug)), peerIds });
}

/**
 * Lists the chats that the author of a link added after the viewer had added the folder or was last asked.
 * @returns marked ids; none for folders that were not added by a link
 * @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED
 */
export async function listNews(deps: JoinFolderDeps, viewerId: bigint, filterId: number): Promise<bigint[]> {
  const { db } = deps;
  const filter = checkShared((await findFolder(db.q, viewerId, filterId)).filter);
  const joined = await findJoinedFolder(db.q, { ownerId: viewerId, filterId });
  const offered = joined && (await findOffer(deps, joined));
  if (offered === undefined) return [];
  const own = peersOfFolder(filter);
  const seen = new Set(joined!.seen_ids);
  return offered.filter((peerId) => !own.has(peerId) && !seen.has(peerId));
}

/** Marks the chats that are new now as seen, so that they are not offered again. A repeat changes nothing more. @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED */
export async function doHideNews(deps: JoinFolderDeps, actorId: bigint, filterId: number): Promise<void> {
  const news = await listNews(deps, actorId, filterId);
  if (news.length === 0) return;
  await deps.writeBoxes('hide-folder-news', [actorId], async (tx) => {
    const joined = await findJoinedFolder(tx.q, { ownerId: actorId, filterId });
    if (joined !== undefined) await saveJoinedFolder(tx, { ...joined, seen_ids: [...new Set([...joined.seen_ids, ...news])].slice(-FILTER_CHATS_MAX * 2) });
  });
}

/** The chats that the link of a folder offers now; undefined if the link was deleted. */
async function findOffer(deps: JoinFolderDeps, { owner_id, slug }: JoinedFolder): Promise<bigint[] | undefined> {
  try {
    const { link } = await findLinkedFolder(deps.db, slug);
    return [...(await listOffered(deps, link, owner_id)).keys()];
  } catch (error) {
    if (isError(error, 'INVITE_SLUG_EXPIRED')) return undefined;
    throw error;
  }
}

async function join(deps: JoinFolderDeps, acting: FolderActing, joining: Joining): Promise<tl.updateDialogFilter> {
  const { link } = joining;
  const offered = await listOffered(deps, link, acting.actorId);
  const chosen = [...new Set(joining.peerIds)].filter((peerId) => offered.has(peerId));
  if (chosen.length === 0) throw rpcError('FILTER_INCLUDE_EMPTY');
  // Checked before anything is joined; checked again when the folder is written.
  await findTarget(deps.db.q, acting.actorId, joining, chosen);
  const { members, joined, wait } = await joinChats(deps, acting.actorId, link, chosen);
  const save = (origin: FolderActing['origin']) => saveFolder(deps, { actorId: acting.actorId, origin }, joining, { offered: [...offered.keys()], members, joined });
  if (wait === undefined) return save(acting.origin);
  // The chats joined so far are saved in the folder, and the next call joins the others. This call answers with an error, so the update is pushed to its device, too.
  if (members.length > 0) await save(undefined);
  throw wait;
}

/** Adds chats to the folder of a link. The viewer is a member of these chats. @returns the update about the folder */
async function saveFolder(
  deps: JoinFolderDeps,
  acting: FolderActing,
  joining: Joining,
  { offered, members, joined }: { offered: bigint[]; members: readonly bigint[]; joined: readonly bigint[] },
): Promise<tl.updateDialogFilter> {
  const { link } = joining;
  return deps.writeBoxes('join-folder', [acting.actorId], async (tx, boxes, date) => {
    const { filter: before, known } = await findTarget(tx.q, acting.actorId, joining, members);
    const own = peersOfFolder(before);
    const added = members.filter((peerId) => !own.has(peerId)).map((peerId) => inputOf(deps.accessHashes, acting.actorId, peerId));
    const filter: tl.dialogFilterChatlist = { ...before, include_peers: [...before.include_peers, ...added] };
    const update: tl.updateDialogFilter = { _: 'updateDialogFilter', id: filter.id, filter };
    if (link.owner_id !== acting.actorId) {
      const all = peersOfFolder(filter);
      const joined_ids = [...new Set([...(known?.joined_ids ?? []), ...joined])].filter((peerId) => all.has(peerId));
      // What the link offers now is known to the viewer, also if it was not chosen.
      await saveJoinedFolder(tx, { owner_id: acting.actorId, filter_id: filter.id, slug: link.slug, joined_ids, seen_ids: offered });
    }
    if (added.length > 0) {
      await saveFilter(tx, acting.actorId, filter.id, filter);
      boxes.addLoose(acting.actorId, date, acting.origin, [update]);
    }
    return update;
  });
}

/**
 * Finds the folder of the viewer to which chats are to be added, or a new one.
 * @throws RpcError 400 CHATLISTS_TOO_MUCH (too many folders, or too many chats in the folder)
 */
async function findTarget(q: Queries, viewerId: bigint, { link, folder }: Joining, peerIds: readonly bigint[]): Promise<{ filter: tl.dialogFilterChatlist; known: JoinedFolder | undefined }> {
  const [folders, known] = await Promise.all([listFilters(q, viewerId), findFolderByLink(q, viewerId, link.slug)]);
  const ownId = link.owner_id === viewerId ? link.filter_id : known?.filter_id;
  const own = folders.find(({ id }) => id === ownId)?.filter;
  if (own?._ === 'dialogFilterChatlist') {
    const peers = peersOfFolder(own);
    if (countChats(own) + peerIds.filter((peerId) => !peers.has(peerId)).length > FILTER_CHATS_MAX) throw rpcError('CHATLISTS_TOO_MUCH');
    return { filter: own, known };
  }
  if (folders.filter(({ filter }) => filter._ !== 'dialogFilterDefault').length >= FILTERS_MAX) throw rpcError('CHATLISTS_TOO_MUCH');
  const { title, title_noanimate, emoticon } = folder;
  const id = freeFilterId(new Set(folders.map((one) => one.id)));
  return { filter: { _: 'dialogFilterChatlist', id, title, title_noanimate, emoticon, pinned_peers: [], include_peers: [] }, known: undefined };
}

/**
 * Joins chats one after the other. Those that cannot be joined are left out.
 * @returns `members`: the chats that the user is in now; `joined`: those that this call has joined; `wait`: the FLOOD_WAIT error that stopped it, if any
 * @throws the error of the first chat that could not be joined, if the user is in none of the chats
 */
async function joinChats(deps: JoinFolderDeps, userId: bigint, link: FolderLink, peerIds: readonly bigint[]): Promise<{ members: bigint[]; joined: bigint[]; wait: RpcError | undefined }> {
  const members: bigint[] = [];
  const joined: bigint[] = [];
  const invitation = { sharerId: link.owner_id, shownLink: `${ME_URL_PREFIX}addlist/${link.slug.slice(0, SHOWN_LENGTH)}...`, date: link.date };
  let refusal: RpcError | undefined;
  for (const peerId of peerIds) {
    const peer = unmarkPeer(peerId);
    if (peer._ !== 'peerChannel') continue;
    try {
      // The answer tells only of the folder, so the calling device gets pushed what happens in the chats.
      await deps.channels.at(peer.channel_id).members.doJoinShared({ actorId: userId, origin: undefined }, invitation);
      joined.push(peerId);
      members.push(peerId);
    } catch (error) {
      if (isError(error, 'USER_ALREADY_PARTICIPANT')) members.push(peerId);
      else if (!(error instanceof RpcError)) throw error;
      else if (isError(error, 'FLOOD_WAIT_%d')) return { members, joined, wait: error };
      else refusal ??= error;
    }
  }
  if (members.length === 0) throw refusal ?? rpcError('FILTER_INCLUDE_EMPTY');
  return { members, joined, wait: undefined };
}

function inputOf(accessHashes: AccessHashes, viewerId: bigint, peerId: bigint): tl.InputPeer {
  const peer = unmarkPeer(peerId);
  if (peer._ !== 'peerChannel') throw new Error('links share channels only');
  return { _: 'inputPeerChannel', channel_id: peer.channel_id, access_hash: accessHashes.of('channel', viewerId, peer.channel_id) };
}
