import { newPresentedToken } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import type { Channels } from '../channels/index.ts';
import { FILTER_CHATS_MAX, type FolderLink, type FolderPlace, insertFolderLink, listFolderLinks, removeFolderLink, saveFolderLink } from '../chat-list/index.ts';
import { countFollowedChannels, saveFilter } from '../dialogs/index.ts';
import type { BoxWriter, Origin, Queries } from '../events/index.ts';
import { cleanLine } from '../peers/index.ts';
import type { DomainConfig } from '../shared/index.ts';
import { checkShared, findFolder } from './folder-peers.ts';
import { checkMayMigrate, checkMayShare, type LinkedChatsDeps } from './linked-chats.ts';
import { checkSlug } from './offered-folder.ts';

/** Maximum number of links of one folder, as the app config tells clients. */
export const FOLDER_LINKS_MAX = 20;

/** Maximum length of a link's name, in UTF-16 units. */
const TITLE_MAX = 32;
/** Length of the last part of a link before it is written as text: its home, and 120 random bits. */
const SLUG_BYTES = 16;
/** A client that lost the answer asks again; within this time (seconds) it gets the link that was made. */
const REPEAT_S = 120;

/** The person who changes a folder or its links. */
export interface FolderActing {
  actorId: bigint;
  /** The session of the call, if its answer contains the changed folder; otherwise that session gets it pushed, too. */
  origin: Origin | undefined;
}

/** The changeable content of a link. */
export interface LinkContent {
  /** The owner's name for the link; '' for none. */
  title: string;
  /** The chats that it shares. */
  peers: readonly ResolvedPeer[];
}

/** The dependencies of links. */
export interface FolderLinksDeps extends LinkedChatsDeps, Pick<BoxWriter, 'writeBoxes'> {
  db: Database;
  random: Random;
  config: Pick<DomainConfig, 'homeDcId' | 'channelsPerUserMax'>;
  channels: Pick<Channels, 'doMigrate'>;
}

/**
 * Makes a link that shares some chats of a folder. The folder becomes a shared one, and basic groups become supergroups. A repeat within some minutes
 * returns the same link.
 * @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED (the folder has rules), PEERS_LIST_EMPTY, INVITES_TOO_MUCH, PEER_ID_INVALID,
 *   CHANNEL_PRIVATE, CHANNEL_INVALID, CHAT_ID_INVALID, CHAT_ADMIN_REQUIRED, CHANNELS_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
 */
export async function doExportLink(deps: FolderLinksDeps, { actorId, origin }: FolderActing, filterId: number, content: LinkContent): Promise<{ filter: tl.dialogFilterChatlist; link: FolderLink }> {
  const place = { ownerId: actorId, filterId };
  const title = cleanLine(content.title, TITLE_MAX);
  // Checked before groups become supergroups, because that cannot be undone. When a call is repeated, all chats are supergroups already, so the repeat is not
  // refused here even if its own link was the last one possible.
  const known = await checkExport(deps.db.q, place);
  const newSupergroups = await checkShareable(deps, actorId, content.peers);
  if (newSupergroups > 0 && known.links.length >= FOLDER_LINKS_MAX) throw rpcError('INVITES_TOO_MUCH');
  const peer_ids = await migrated(deps, actorId, content.peers);
  return deps.writeBoxes('export-folder-link', [actorId], async (tx, boxes, date) => {
    const { filter: before, links } = await checkExport(tx.q, place);
    const filter: tl.dialogFilterChatlist = { ...asShared(before), has_my_invites: true };
    const repeated = links.find((known) => known.title === title && date - known.date <= REPEAT_S && known.peer_ids.join() === peer_ids.join());
    if (repeated !== undefined) return { filter, link: repeated };
    if (links.length >= FOLDER_LINKS_MAX) throw rpcError('INVITES_TOO_MUCH');
    const link: FolderLink = { owner_id: actorId, slug: newSlug(deps), filter_id: filterId, title, peer_ids, date };
    await insertFolderLink(tx, link);
    if (before._ !== filter._ || before.has_my_invites !== true) {
      await saveFilter(tx, actorId, filterId, filter);
      boxes.addLoose(actorId, date, origin, [{ _: 'updateDialogFilter', id: filterId, filter }]);
    }
    return { filter, link };
  });
}

/**
 * Changes the name of a link, or which chats it shares.
 * @param change what is undefined stays as it is
 * @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED, INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED, PEERS_LIST_EMPTY, PEER_ID_INVALID, CHANNEL_PRIVATE,
 *   CHAT_ADMIN_REQUIRED
 */
export async function doEditLink(deps: FolderLinksDeps, actorId: bigint, { filterId, slug }: { filterId: number; slug: string }, change: Partial<LinkContent>): Promise<FolderLink> {
  checkSlug(slug);
  const place = { ownerId: actorId, filterId };
  const find = async (q: Queries): Promise<FolderLink> => {
    checkShared((await findFolder(q, actorId, filterId)).filter);
    const link = (await listFolderLinks(q, place)).find((known) => known.slug === slug);
    if (link === undefined) throw rpcError('INVITE_SLUG_EXPIRED');
    return link;
  };
  const known = await find(deps.db.q);
  // What the link shares already may stay, also if the right to share it was lost meanwhile: then it is not offered.
  if (change.peers !== undefined) await checkShareable(deps, actorId, change.peers, new Set(known.peer_ids));
  const peer_ids = change.peers && (await migrated(deps, actorId, change.peers));
  return deps.writeBoxes('edit-folder-link', [actorId], async (tx) => {
    const link = await find(tx.q);
    const edited = { ...link, title: change.title === undefined ? link.title : cleanLine(change.title, TITLE_MAX), peer_ids: peer_ids ?? link.peer_ids };
    await saveFolderLink(tx, edited);
    return edited;
  });
}

/**
 * Deletes a link. Those who added the folder by it keep the folder.
 * @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED, INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED
 */
export async function doDeleteLink(deps: FolderLinksDeps, actorId: bigint, { filterId, slug }: { filterId: number; slug: string }): Promise<void> {
  checkSlug(slug);
  const place = { ownerId: actorId, filterId };
  await deps.writeBoxes('delete-folder-link', [actorId], async (tx, boxes, date) => {
    const filter = checkShared((await findFolder(tx.q, actorId, filterId)).filter);
    if (!(await removeFolderLink(tx, place, slug))) throw rpcError('INVITE_SLUG_EXPIRED');
    if ((await listFolderLinks(tx.q, place)).length > 0) return;
    const unshared: tl.dialogFilterChatlist = { ...filter, has_my_invites: undefined };
    await saveFilter(tx, actorId, filterId, unshared);
    // The answer does not contain the folder, so the calling device gets it pushed like all others.
    boxes.addLoose(actorId, date, undefined, [{ _: 'updateDialogFilter', id: filterId, filter: unshared }]);
  });
}

/** Reads a folder that is to be shared, and its links. @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED */
async function checkExport(q: Queries, place: FolderPlace): Promise<{ filter: tl.dialogFilter | tl.dialogFilterChatlist; links: FolderLink[] }> {
  const { filter } = await findFolder(q, place.ownerId, place.filterId);
  // `findFolder` has refused the list of all chats.
  const folder = filter as tl.dialogFilter | tl.dialogFilterChatlist;
  asShared(folder);
  return { filter: folder, links: await listFolderLinks(q, place) };
}

/** The folder in the form that shared folders have. They consist of chats only. @throws RpcError 400 FILTER_NOT_SUPPORTED */
function asShared(filter: tl.dialogFilter | tl.dialogFilterChatlist): tl.dialogFilterChatlist {
  if (filter._ === 'dialogFilterChatlist') return filter;
  const { contacts, non_contacts, groups, broadcasts, bots, exclude_muted, exclude_read, exclude_archived, exclude_peers, ...looks } = filter;
  const hasRules = [contacts, non_contacts, groups, broadcasts, bots, exclude_muted, exclude_read, exclude_archived].includes(true);
  if (hasRules || exclude_peers.length > 0) throw rpcError('FILTER_NOT_SUPPORTED');
  return { ...looks, _: 'dialogFilterChatlist' };
}

/**
 * Checks that the actor may share these chats by a link. A basic group can only be shared after it has become a supergroup.
 * @param known marked ids of chats that the link shares already, which are not checked again
 * @returns how many basic groups have yet to become supergroups
 */
async function checkShareable(deps: FolderLinksDeps, actorId: bigint, peers: readonly ResolvedPeer[], known: ReadonlySet<bigint> = new Set()): Promise<number> {
  if (peers.length === 0) throw rpcError('PEERS_LIST_EMPTY');
  if (peers.some((peer) => peer.kind === 'user')) throw rpcError('PEER_ID_INVALID');
  if (peers.length > FILTER_CHATS_MAX) throw rpcError('PEERS_LIST_EMPTY');
  const groupIds = new Set<bigint>();
  for (const peer of peers) {
    if (peer.kind === 'channel' && !known.has(peer.peerId)) await checkMayShare(deps, peer.peerId, actorId);
    if (peer.kind === 'chat' && (await checkMayMigrate(deps, peer.peerId, actorId))) groupIds.add(peer.peerId);
  }
  if (groupIds.size > 0) {
    const followed = (await countFollowedChannels(deps.db, [actorId])).get(actorId) ?? 0;
    if (followed + groupIds.size > deps.config.channelsPerUserMax) throw rpcError('CHANNELS_TOO_MUCH');
  }
  return groupIds.size;
}

/**
 * Turns the basic groups among these chats into supergroups. {@link checkShareable} must have accepted the chats.
 * @returns marked ids of channels and supergroups, each once
 */
async function migrated(deps: FolderLinksDeps, actorId: bigint, peers: readonly ResolvedPeer[]): Promise<bigint[]> {
  const peerIds: bigint[] = [];
  for (const peer of peers) {
    // The answer does not tell what happens to the group, so the calling device gets it pushed.
    if (peer.kind === 'chat') peerIds.push((await deps.channels.doMigrate({ actorId, chatId: peer.chatId, origin: undefined })).peerId);
    if (peer.kind === 'channel') peerIds.push(peer.peerId);
  }
  return [...new Set(peerIds)];
}

/** A new last part of a link, which begins with the data centre that knows it. */
function newSlug({ random, config }: Pick<FolderLinksDeps, 'random' | 'config'>): string {
  return Buffer.from(newPresentedToken(random, SLUG_BYTES, config.homeDcId)).toString('base64url');
}
