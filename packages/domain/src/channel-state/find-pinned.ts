import { type ChannelSight, isSeen } from '../chats/index.ts';
import type { Queries } from '../events/index.ts';
import { listPinnedIds } from './pinned-post-store.ts';
import { listPosts } from './post-store.ts';

/** How many pinned messages are looked at for a bot that does not see all messages, the newest ones. */
const LOOKED_AT_MAX = 100;

/** Finds the newest pinned message of a channel that a viewer sees. @returns its id; undefined if there is none */
export async function findPinnedId(q: Queries, channelId: bigint, sight: ChannelSight): Promise<number | undefined> {
  if (sight.bot === undefined) return (await listPinnedIds(q, channelId, { limit: 1, after: sight.hidden }))[0];
  const posts = await listPosts(q, channelId, { offsetId: 0, offsetDate: 0, addOffset: 0, limit: LOOKED_AT_MAX, maxId: 0, minId: sight.hidden, pinned: true });
  return posts.find((post) => isSeen(sight, post))?.msg_id;
}
