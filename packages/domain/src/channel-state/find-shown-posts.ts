import { hiddenUpTo, isSeen, sightOf } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import type { ChannelChange } from './channel-change.ts';
import type { Acting } from './channel-change-deps.ts';
import { findPosts } from './post-store.ts';

/** The id of the last message of the channel that is hidden from the actor of a change; 0 if all can be seen. */
export function hiddenFromActor(channel: ChannelChange, { actorId }: Pick<Acting, 'actorId'>): number {
  return hiddenUpTo(channel.row, channel.memberOf(actorId));
}

/** Finds messages that the actor of a change names. Ids that do not exist, or are hidden from the actor, are left out. */
export async function findShownPosts(channel: ChannelChange, { actorId }: Pick<Acting, 'actorId'>, msgIds: readonly number[]): Promise<Map<number, PostRow>> {
  const sight = sightOf(channel.row, channel.memberOf(actorId));
  const found = await findPosts(channel.tx.q, channel.row.channel_id, msgIds.filter((id) => id > sight.hidden));
  return new Map([...found].filter(([, post]) => isSeen(sight, post)));
}
