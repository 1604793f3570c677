import type { tl } from '@aerogram/tl';

import { findChannelMembers, hiddenUpTo, standingIn } from '../chats/index.ts';
import { type Acting, areOwn, type ChannelChange, findShownPosts, topicOf } from '../channel-state/index.ts';

/** Says that two people who share their live locations in a supergroup have come close to each other. */
export interface ProximityAlert extends Acting {
  /** The message with the location of the actor, who has moved. */
  movedId: number;
  /** The message with the location of the other. */
  otherId: number;
  action: tl.messageActionGeoProximityReached;
}

/**
 * Adds the service message of an alert, which shows the author of the location that moved, in the topic of that location. Does nothing if one of the locations is gone, if the other person is
 * no member or speaks no more in the name that the location shows, or if one of the two cannot see the location of the other.
 * @throws RpcError 403 MESSAGE_AUTHOR_REQUIRED, 420 FLOOD_WAIT_%d, SLOWMODE_WAIT_%d, and the errors of the rights
 */
export async function sayAlert(channel: ChannelChange, { actorId, movedId, otherId, action }: ProximityAlert): Promise<void> {
  channel.check('send_plain');
  const { tx, row, peerId, date: nowDate } = channel;
  const found = await findShownPosts(channel, { actorId }, [movedId, otherId]);
  const [moved, other] = [found.get(movedId), found.get(otherId)];
  if (moved === undefined || other === undefined) return;
  const userId = other.poster_id;
  const [member] = await findChannelMembers(tx, [{ id: row.channel_id, userId }]);
  if (member?.status !== 'member' || moved.msg_id <= hiddenUpTo(row, member)) return;
  if (!(await areOwn(tx, { userId, standing: standingIn(row, member, nowDate), row, peerId, nowDate }, [other]))) return;
  await channel.say(action, { causedBy: moved, topicId: topicOf(moved) });
}
