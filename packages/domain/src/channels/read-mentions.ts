import { findChannelViews } from '../chats/index.ts';
import type { BoxWriter, OpenBoxes } from '../events/index.ts';
import { dropUnread, listUnread } from '../messages/index.ts';
import type { Acting } from './channel-change.ts';
import type { ChannelPlace } from './channel-place.ts';
import { findUnseen } from './mentions.ts';

/** Maximum number of mentions that one call marks as seen; the client calls again while `offset` is not 0. */
const SLICE = 500;

/** What the caller learns when mentions were marked as seen. */
export interface MentionsRead {
  /** Of the channel, which does not change. */
  pts: number;
  /** Not 0 if mentions remain and the client must call again. */
  offset: number;
}

/** Marks these messages of a channel as seen by a user whom they mention. Others are left out, so a repeat does nothing. */
export function doReadPostContents(deps: Pick<BoxWriter, 'writeBoxes'>, place: ChannelPlace, acting: Acting, msgIds: readonly number[]): Promise<void> {
  return deps.writeBoxes('read-post-contents', [acting.actorId], async (tx, boxes, date) => {
    const unseen = await findUnseen(tx.q, acting.actorId, msgIds.map((msgId) => ({ peer_id: place.peerId, msg_id: msgId })));
    await markSeen({ tx, boxes, date }, place, acting, unseen.map((row) => row.msg_id));
  });
}

/** Marks the mentions of a user in a channel as seen, newest first. A repeat does nothing. */
export function doReadPostMentions(deps: Pick<BoxWriter, 'writeBoxes'>, place: ChannelPlace, acting: Acting): Promise<MentionsRead> {
  const { actorId } = acting;
  return deps.writeBoxes('read-post-mentions', [actorId], async (tx, boxes, date) => {
    const unseen = await listUnread(tx.q, 'unread_mentions', { owner: actorId, peerId: place.peerId, limit: SLICE + 1 });
    const views = await findChannelViews(tx.q, actorId, [place.peerId]);
    await markSeen({ tx, boxes, date }, place, acting, unseen.slice(0, SLICE));
    return { pts: views.get(place.peerId)?.pts ?? 1, offset: unseen.length > SLICE ? 1 : 0 };
  });
}

/** Forgets unseen mentions, and tells the other devices of the user, also those that are away. */
async function markSeen({ tx, boxes, date }: OpenBoxes, { channelId, peerId }: ChannelPlace, { actorId, origin }: Acting, messages: number[]): Promise<void> {
  if (messages.length === 0) return;
  await dropUnread(tx, 'unread_mentions', messages.map((msgId) => ({ owner_id: actorId, peer_id: peerId, msg_id: msgId })));
  boxes.addLoose(actorId, date, origin, [{ _: 'updateChannelReadMessagesContents', channel_id: channelId, messages }]);
}
