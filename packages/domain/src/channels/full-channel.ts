import { markPeer, unmarkPeer } from '@aerogram/cluster';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedChannel } from '../access/index.ts';
import { ChannelFlag, type ChannelRow, findChannelMembers, findChannelRows, findChannelView, findMemberCounts, hiddenUpTo, isAdmin, mayDo, sightOf, type Standing, standingIn } from '../chats/index.ts';
import { findBlocked } from '../contacts/index.ts';
import { type DialogRow, findDialogs } from '../dialogs/index.ts';
import { projectAllowedReactions } from '../groups/index.ts';
import { findEntrances } from '../invites/index.ts';
import { hasScheduled } from '../messages/index.ts';
import type { Notifications } from '../notifications/index.ts';
import { projectMainTab } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { findPinnedId } from '../channel-state/index.ts';
import { shownSendAs } from './send-as.ts';

/** The dependencies of {@link findFullChannel}. */
export interface FullChannelDeps {
  db: Database;
  clock: DomainDeps['clock'];
  notifications: Pick<Notifications, 'findPeerSettings'>;
}

/** Everything about a channel that the viewer may see. */
export async function findFullChannel({ db, clock, notifications }: FullChannelDeps, viewerId: bigint, channel: ResolvedChannel): Promise<tl.channelFull> {
  const { channelId, peerId } = channel;
  const [[found], [member], view, [dialog, oldDialog], settings, isWaiting, blocked] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findChannelView(db, viewerId, channelId),
    findDialogs(db.q, viewerId, [peerId, ...oldPeersOf(channel.row)]),
    notifications.findPeerSettings(viewerId, [peerId]),
    hasScheduled(db.q, viewerId, peerId),
    findBlocked(db.q, viewerId, [peerId]),
  ]);
  const row = found ?? channel.row;
  const hidden = hiddenUpTo(row, member);
  const pinned = await findPinnedId(db.q, channelId, sightOf(row, member));
  const standing: Standing = { ...standingIn(row, member, clock.now()), ...(channel.comments && { comments: channel.comments }) };
  const isIn = standing.status === 'member';
  const counts = isAdmin(standing) ? await countRoles(db, channelId) : undefined;
  const has = (flag: number): true | undefined => ((row.flags & flag) !== 0 ? true : undefined);
  const isHidden = has(ChannelFlag.participantsHidden) === true && !isAdmin(standing);
  const entrances = await findEntrances(db, viewerId, { peerId, standing });
  const sendAs = shownSendAs({ userId: viewerId, standing, row, peerId, nowDate: clock.now() }, member?.send_as ?? null);
  const full: tl.channelFull = {
    _: 'channelFull',
    can_view_participants: ((isIn ? mayDo(standing, 'view_members') : row.kind !== 'broadcast') && !isHidden) || undefined,
    can_set_stickers: (isIn && row.kind === 'megagroup' && mayDo(standing, 'change_info')) || undefined,
    can_set_username: (isIn && standing.role === 'creator') || undefined,
    can_delete_channel: (isIn && standing.role === 'creator') || undefined,
    has_scheduled: (isWaiting && (row.kind !== 'broadcast' || mayDo(standing, 'send_plain'))) || undefined,
    blocked: blocked.has(peerId) || undefined,
    hidden_prehistory: has(ChannelFlag.hiddenPrehistory),
    view_forum_as_messages: dialog?.as_messages || undefined,
    participants_hidden: has(ChannelFlag.participantsHidden),
    id: channelId,
    about: row.about,
    participants_count: row.members,
    ...counts,
    read_inbox_max_id: dialog?.read_inbox_max_id ?? 0,
    read_outbox_max_id: view?.read_outbox_max_id ?? 0,
    unread_count: dialog?.channel_pts === undefined ? 0 : dialog.unread_count,
    chat_photo: { _: 'photoEmpty', id: 0n },
    notify_settings: settings.get(peerId) ?? { _: 'peerNotifySettings' },
    bot_info: [],
    ...entrances,
    ...oldHistoryOf(row, oldDialog),
    pinned_msg_id: pinned,
    linked_chat_id: row.linked_chat_id ?? undefined,
    available_min_id: hidden || undefined,
    folder_id: dialog?.folder_id || undefined,
    slowmode_seconds: row.slow_mode_seconds || undefined,
    slowmode_next_send_date: (isIn || standing.comments === 'write') && (member?.slow_mode_until ?? 0) > clock.now() ? member!.slow_mode_until : undefined,
    pts: view?.pts ?? 1,
    ttl_period: row.ttl_period ?? undefined,
    main_tab: projectMainTab(row.main_tab),
    default_send_as: sendAs === undefined ? undefined : unmarkPeer(sendAs),
    available_reactions: projectAllowedReactions(row.available_reactions),
    reactions_limit: row.reactions_limit ?? undefined,
  };
  return channel.commentsOnly === true ? keepForComments(full) : full;
}

/** What clients need of a group in which somebody reads and writes comments only: how to write there, and nothing of its messages and members. */
function keepForComments({ id, pts, notify_settings, linked_chat_id, slowmode_seconds, slowmode_next_send_date, default_send_as, available_reactions, reactions_limit }: tl.channelFull): tl.channelFull {
  const nothing = { about: '', read_inbox_max_id: 0, read_outbox_max_id: 0, unread_count: 0, chat_photo: { _: 'photoEmpty', id: 0n } } as const;
  return { _: 'channelFull', id, pts, ...nothing, bot_info: [], notify_settings, linked_chat_id, slowmode_seconds, slowmode_next_send_date, default_send_as, available_reactions, reactions_limit };
}

/** The marked id of the basic group that the channel was. */
function oldPeersOf({ migrated_from_chat_id: chat_id }: ChannelRow): bigint[] {
  return chat_id === null ? [] : [markPeer({ _: 'peerChat', chat_id })];
}

/** Where the viewer's own history of the basic group ends that the channel was. Those who have no message of it are not told of it. */
function oldHistoryOf({ migrated_from_chat_id }: ChannelRow, old: DialogRow | undefined): Pick<tl.channelFull, 'migrated_from_chat_id' | 'migrated_from_max_id'> {
  if (migrated_from_chat_id === null || old === undefined || old.top_msg_id === 0) return {};
  return { migrated_from_chat_id, migrated_from_max_id: old.top_msg_id };
}

async function countRoles(db: Database, channelId: bigint): Promise<Pick<tl.channelFull, 'admins_count' | 'kicked_count' | 'banned_count'>> {
  const { admins, kicked, restricted } = await findMemberCounts(db, channelId);
  return { admins_count: admins, kicked_count: kicked, banned_count: restricted };
}
