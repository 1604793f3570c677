import { hiddenUpTo } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import type { ChannelChange } from './channel-change.ts';
import type { Acting } from './channel-change-deps.ts';
import { shownPosts } from './find-comments.ts';
import { findPosts } from './post-store.ts';

/** The id of the last message of the channel that is hidden from the actor of a change; 0 if all can be seen. */
export function hiddenFromActor(channel: ChannelChange, { actorId }: Pick<Acting, 'actorId'>): number {
  return hiddenUpTo(channel.row, channel.memberOf(actorId));
}

/** Finds messages that the actor of a change names. Ids that do not exist, or are hidden from the actor, are left out, and for whoever may only read the comments of a group all else. */
export async function findShownPosts(channel: ChannelChange, { actorId }: Pick<Acting, 'actorId'>, msgIds: readonly number[]): Promise<Map<number, PostRow>> {
  const { tx, row, standing } = channel;
  const hidden = hiddenFromActor(channel, { actorId });
  const found = await findPosts(tx.q, row.channel_id, msgIds.filter((id) => id > hidden));
  return shownPosts(tx.q, { row, member: channel.memberOf(actorId), standing }, found);
}
