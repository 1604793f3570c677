import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type ChatMemberRow, type ChatRow, findChatMembers, findChatRows, listMembers, projectChatParticipants, standingIn } from '../chats/index.ts';
import { findDialogs } from '../dialogs/index.ts';
import { findEntrances } from '../invites/index.ts';
import { hasScheduled, listPins } from '../messages/index.ts';
import type { Notifications } from '../notifications/index.ts';
import { projectAllowedReactions } from './allowed-reactions.ts';

/** What the full view of a group is read from. */
export interface FullGroupDeps {
  db: Database;
  notifications: Pick<Notifications, 'findPeerSettings'>;
}

/** A group and those who are in it. */
export interface GroupRows {
  row: ChatRow;
  /** By user id. */
  members: ChatMemberRow[];
  /** The row of the viewer, who may be in the group no more. */
  viewer: ChatMemberRow;
}

/** Reads a group for a present or former member. @throws RpcError 400 CHAT_ID_INVALID */
export async function findGroupOrFormer(db: Database, viewerId: bigint, chatId: bigint): Promise<GroupRows> {
  // The version and the list of members belong together, so both are read in one transaction.
  return db.transact('read-group', async (tx) => {
    const [[row], [viewer], members] = await Promise.all([
      findChatRows(tx, [chatId]),
      findChatMembers(tx, [{ id: chatId, userId: viewerId }]),
      listMembers(tx, chatId),
    ]);
    if (row === undefined || viewer === undefined) throw rpcError('CHAT_ID_INVALID');
    return { row, viewer, members };
  });
}

/** Reads a group for a member. @throws RpcError 400 CHAT_ID_INVALID, 403 CHAT_WRITE_FORBIDDEN for former members */
export async function findGroupRows(db: Database, viewerId: bigint, chatId: bigint): Promise<GroupRows> {
  const group = await findGroupOrFormer(db, viewerId, chatId);
  if (group.viewer.status !== 'member') throw rpcError('CHAT_WRITE_FORBIDDEN');
  return group;
}

/** Everything about a group that somebody may see who is or was in it. @throws RpcError 400 CHAT_ID_INVALID */
export async function findFullGroup({ db, notifications }: FullGroupDeps, viewerId: bigint, chatId: bigint): Promise<tl.chatFull> {
  const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
  const { row, viewer, members } = await findGroupOrFormer(db, viewerId, chatId);
  const [[dialog], [pin], settings, has_scheduled, entrances] = await Promise.all([
    findDialogs(db.q, viewerId, [peerId]),
    listPins(db.q, viewerId, peerId, 1),
    notifications.findPeerSettings(viewerId, [peerId]),
    hasScheduled(db.q, viewerId, peerId),
    // The rights in a basic group have no end, so the date does not matter.
    findEntrances(db, viewerId, { peerId, standing: standingIn(row, viewer, 0) }),
  ]);
  const isIn = viewer.status === 'member' && !row.deactivated;
  return {
    _: 'chatFull',
    can_set_username: (isIn && viewer.role === 'creator') || undefined,
    has_scheduled: has_scheduled || undefined,
    id: chatId,
    // Former members do not learn what was changed after they had left.
    about: viewer.status === 'member' ? row.about : '',
    participants: projectChatParticipants(row, viewerId, members),
    notify_settings: settings.get(peerId)!,
    ...entrances,
    pinned_msg_id: pin?.msg_id,
    folder_id: dialog?.folder_id || undefined,
    ttl_period: dialog?.ttl_period || undefined,
    available_reactions: projectAllowedReactions(row.available_reactions),
    reactions_limit: row.reactions_limit ?? undefined,
  };
}
