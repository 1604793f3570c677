import { hiddenUpTo, isSeen, mayDo, sightOf } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import type { ChannelChange } from './channel-change.ts';
import type { Acting } from './channel-change-deps.ts';
import { findComments } from './find-comments.ts';
import { findPosts } from './post-store.ts';

/** The id of the last message of the channel that is hidden from the actor of a change; 0 if all can be seen. */
export function hiddenFromActor(channel: ChannelChange, { actorId }: Pick<Acting, 'actorId'>): number {
  return hiddenUpTo(channel.row, channel.memberOf(actorId));
}

/** Finds messages that the actor of a change names. Ids that do not exist, or are hidden from the actor, are left out, and for whoever may only read the comments of a group all else. */
export async function findShownPosts(channel: ChannelChange, { actorId }: Pick<Acting, 'actorId'>, msgIds: readonly number[]): Promise<Map<number, PostRow>> {
  const sight = sightOf(channel.row, channel.memberOf(actorId));
  const found = await findPosts(channel.tx.q, channel.row.channel_id, msgIds.filter((id) => id > sight.hidden));
  const shown = new Map([...found].filter(([, post]) => isSeen(sight, post)));
  const { standing } = channel;
  return standing.comments === undefined || mayDo(standing, 'view_messages') ? shown : findComments(channel.tx.q, channel.row, shown);
}
