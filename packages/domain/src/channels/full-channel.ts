import type { Database } from '@aerogram/storage';
import { sql } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedChannel } from '../access/index.ts';
import { ChannelFlag, findChannelMembers, findChannelRows, findChannelViews, mayDo, standingIn } from '../chats/index.ts';
import { findDialogs } from '../dialogs/index.ts';

export interface FullChannelDeps {
  db: Database;
  clock: { now(): number };
  notifications: { findPeerSettings(ownerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, tl.peerNotifySettings>> };
}

/** Everything about a channel that the viewer may see. */
export async function findFullChannel({ db, clock, notifications }: FullChannelDeps, viewerId: bigint, channel: ResolvedChannel): Promise<tl.channelFull> {
  const { channelId, peerId } = channel;
  const [[found], [member], views, [dialog], settings] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findChannelViews(db.q, viewerId, [peerId]),
    findDialogs(db.q, viewerId, [peerId]),
    notifications.findPeerSettings(viewerId, [peerId]),
  ]);
  const row = found ?? channel.row;
  const view = views.get(peerId);
  const standing = standingIn(row, member, clock.now());
  const isIn = standing.status === 'member';
  const isAdmin = isIn && standing.role !== 'member';
  const counts = isAdmin ? await countRoles(db, channelId) : undefined;
  const has = (flag: number): true | undefined => ((row.flags & flag) !== 0 ? true : undefined);
  const isHidden = has(ChannelFlag.participantsHidden) === true && !isAdmin;
  return {
    _: 'channelFull',
    can_view_participants: (mayDo(standing, 'view_members') && !isHidden) || undefined,
    can_set_username: (isIn && standing.role === 'creator') || undefined,
    can_delete_channel: (isIn && standing.role === 'creator') || undefined,
    hidden_prehistory: has(ChannelFlag.hiddenPrehistory),
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
    migrated_from_chat_id: row.migrated_from_chat_id ?? undefined,
    migrated_from_max_id: row.migrated_from_max_id ?? undefined,
    folder_id: dialog?.folder_id || undefined,
    slowmode_seconds: row.slow_mode_seconds || undefined,
    slowmode_next_send_date: isIn && (member?.slow_mode_until ?? 0) > clock.now() ? member!.slow_mode_until : undefined,
    pts: view?.pts ?? 1,
    ttl_period: row.ttl_period ?? undefined,
    available_reactions: { _: 'chatReactionsNone' },
  };
}

async function countRoles(db: Database, channelId: bigint): Promise<Pick<tl.channelFull, 'admins_count' | 'kicked_count' | 'banned_count'>> {
  const { rows } = await sql<{ admins: bigint; kicked: bigint; banned: bigint }>`
    SELECT (SELECT count(*) FROM channel_members WHERE channel_id = ${channelId} AND role <> 'member' AND status = 'member') AS admins,
           (SELECT count(*) FROM channel_members WHERE channel_id = ${channelId} AND banned_rights <> 0 AND status = 'banned') AS kicked,
           (SELECT count(*) FROM channel_members WHERE channel_id = ${channelId} AND banned_rights <> 0 AND status <> 'banned') AS banned`.execute(db.q);
  const [{ admins, kicked, banned }] = rows as [{ admins: bigint; kicked: bigint; banned: bigint }];
  return { admins_count: Number(admins), kicked_count: Number(kicked), banned_count: Number(banned) };
}
