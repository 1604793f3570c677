import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';

import { type ChannelRow, type Chats, checkRight, isChatRow, mayDo, type Standing, standingIn } from '../chats/index.ts';
import type { FolderLink } from '../chat-list/index.ts';

/** What the chats of links are read from. */
export interface LinkedChatsDeps {
  chats: Pick<Chats, 'findRow' | 'findMember'>;
  clock: Pick<Clock, 'now'>;
}

/**
 * The standing of a user in a channel. It comes from caches, so it only decides what is offered: joining reads the rows again.
 * @returns undefined if there is no such channel
 */
export async function findStanding({ chats, clock }: LinkedChatsDeps, peerId: bigint, userId: bigint): Promise<{ row: ChannelRow; standing: Standing } | undefined> {
  const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, userId)]);
  if (row === undefined || isChatRow(row)) return undefined;
  return { row, standing: standingIn(row, member, clock.now()) };
}

/** Whether somebody may share a channel: every member may share a public channel; a private one only a member who may make invite links. Pure. */
function mayShare(standing: Standing, row: ChannelRow): boolean {
  if (standing.status !== 'member' || standing.closed) return false;
  return row.username !== null || mayDo(standing, 'manage_invites');
}

/** Checks that a user may share a channel. @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE (not a member), CHAT_ADMIN_REQUIRED */
export async function checkMayShare(deps: LinkedChatsDeps, peerId: bigint, userId: bigint): Promise<void> {
  const found = await findStanding(deps, peerId, userId);
  if (found === undefined) throw rpcError('CHANNEL_INVALID');
  if (found.standing.status !== 'member' || found.standing.closed) throw rpcError('CHANNEL_PRIVATE');
  if (!mayShare(found.standing, found.row)) throw rpcError('CHAT_ADMIN_REQUIRED');
}

/**
 * Checks that a user may turn a basic group into a supergroup. The same is checked again when that is done. This check comes first, so that a call about
 * several groups fails before any of them is changed, which cannot be undone.
 * @returns false if the group has become a supergroup already
 * @throws RpcError 400 CHAT_ID_INVALID, CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN
 */
export async function checkMayMigrate({ chats, clock }: LinkedChatsDeps, peerId: bigint, userId: bigint): Promise<boolean> {
  const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, userId)]);
  if (row === undefined || !isChatRow(row)) throw rpcError('CHAT_ID_INVALID');
  const standing = standingIn(row, member, clock.now());
  if (row.migrated_to === null) checkRight(standing, 'migrate');
  else if (standing.role !== 'creator') throw rpcError('CHAT_ID_INVALID');
  return row.migrated_to === null;
}

/**
 * Lists the chats of a link that its author may still share now and that the viewer was not banned from.
 * @returns marked ids, in the order of the link, and whether the viewer is a member
 */
export async function listOffered(deps: LinkedChatsDeps, { owner_id: authorId, peer_ids: peerIds }: FolderLink, viewerId: bigint): Promise<Map<bigint, { isMember: boolean }>> {
  const offered = new Map<bigint, { isMember: boolean }>();
  const standings = await Promise.all(peerIds.map((peerId) => Promise.all([findStanding(deps, peerId, authorId), findStanding(deps, peerId, viewerId)])));
  for (const [index, [author, viewer]] of standings.entries()) {
    if (author === undefined || viewer === undefined || !mayShare(author.standing, author.row) || viewer.standing.status === 'banned') continue;
    offered.set(peerIds[index]!, { isMember: viewer.standing.status === 'member' });
  }
  return offered;
}
