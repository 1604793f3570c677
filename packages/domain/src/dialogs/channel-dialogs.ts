import { isMarkedChannel } from '@aerogram/cluster';

import { countUnreadPosts, findChannelViews } from '../chats/index.ts';
import type { Queries } from '../events/index.ts';
import type { DialogRow } from './dialog-row.ts';

/** Maximum number of channels whose changes are reported to a client that was away. */
const CHANGED_MAX = 500;

/**
 * Completes the dialogs with channels. A post writes nothing to the dialogs of the members, so the top message, its date and the unread count
 * come from the head of the channel. The dialog of somebody who left the channel stays as it is stored.
 */
export async function withHeads(q: Queries, ownerId: bigint, rows: readonly DialogRow[]): Promise<DialogRow[]> {
  const followed = rows.filter((row) => isMarkedChannel(row.peer_id) && row.top_msg_id > 0);
  if (followed.length === 0) return [...rows];
  const views = await findChannelViews(q, ownerId, followed.map((row) => row.peer_id));
  const unread = await countUnreadPosts(q, ownerId, followed, views);
  return rows.map((row) => {
    const view = row.top_msg_id > 0 ? views.get(row.peer_id) : undefined;
    if (view === undefined) return row;
    const { top_msg_id, top_date, read_outbox_max_id, pts } = view;
    return { ...row, top_msg_id, top_date, read_outbox_max_id, unread_count: unread.get(row.peer_id) ?? 0, channel_pts: pts };
  });
}

/** A channel that a user follows. */
export interface FollowedChannel {
  /** Marked. */
  peerId: bigint;
  /** The channel's pts before the user joined. */
  joinedPts: number;
}

/** Lists the channels that a user follows. */
export async function listFollowedChannels(q: Queries, ownerId: bigint, limit: number): Promise<FollowedChannel[]> {
  const rows = await selectFollowed(q, ownerId).select(['peer_id', 'read_inbox_pts']).limit(limit).execute();
  return rows.map((row) => ({ peerId: row.peer_id, joinedPts: row.read_inbox_pts }));
}

/** A channel of which a device that was away has to be told. */
export interface ChangedChannel {
  /** Marked. */
  peerId: bigint;
  pts: number;
  /** The channel has had events. */
  isMoved: boolean;
  /** The read mark has moved. */
  isRead: boolean;
  maxId: number;
  unread: number;
  folderId: number;
}

/** Lists the channels of a user that have changed, or that the user has read, since a date in unix seconds. */
export async function listChangedChannels(q: Queries, ownerId: bigint, sinceDate: number): Promise<ChangedChannel[]> {
  const rows = await selectFollowed(q, ownerId)
    .select(['peer_id', 'read_inbox_max_id', 'read_ordinal', 'own_at_read', 'read_date', 'folder_id'])
    .execute();
  const views = await findChannelViews(q, ownerId, rows.map((row) => row.peer_id));
  const unread = await countUnreadPosts(q, ownerId, rows.filter((row) => row.read_date >= sinceDate), views);
  const changed = rows.flatMap((row): ChangedChannel[] => {
    const view = views.get(row.peer_id);
    if (view === undefined) return [];
    const isMoved = view.changed_date >= sinceDate;
    const isRead = row.read_date >= sinceDate;
    const { peer_id: peerId, read_inbox_max_id: maxId, folder_id: folderId } = row;
    return isMoved || isRead ? [{ peerId, pts: view.pts, isMoved, isRead, maxId, unread: unread.get(row.peer_id) ?? 0, folderId }] : [];
  });
  return changed.slice(0, CHANGED_MAX);
}

function selectFollowed(q: Queries, ownerId: bigint) {
  // Marked ids of channels are below those of basic groups.
  return q.selectFrom('dialogs').where('owner_id', '=', ownerId).where('peer_id', '<', -(10n ** 12n)).where('top_msg_id', '>', 0);
}
