import type { Bus } from '@aerogram/bus';
import { markPeer } from '@aerogram/cluster';
import { defineJobKind, defineStatement, jsonCodec, type Tx } from '@aerogram/storage';

import { ChannelFlag, type ChannelRow } from '../chats/index.ts';
import { publishAccountHint, publishDecision } from '../shared/index.ts';
import { joinAllWords, removePersonalChannel, searchWords } from '../users/index.ts';

/**
 * Seconds after which the search rows of a channel that became private are removed. Until then nobody finds them, but the channel can become
 * public again without being indexed anew.
 */
const UNPUBLISH_AFTER_S = 3600;
/** Maximum number of posts removed at once. */
const SLICE = 1000;

// Indexing starts anew, so that the earlier posts are written, too.
const publishPosts = defineStatement(
  'publish_channel_posts',
  `INSERT INTO search_state AS s (owner_id, indexed_pts, is_public) VALUES ($1, 0, true)
   ON CONFLICT (owner_id) DO UPDATE SET indexed_pts = 0, is_public = true WHERE NOT s.is_public`,
);

// The lock keeps the indexer and the channel's owner out until a slice is removed. Whether the channel is public must be read by a later
// statement, which sees what was committed while this one waited.
const lockState = defineStatement('lock_search_state', 'SELECT FROM search_state WHERE owner_id = $1 FOR UPDATE');

const unpublish = defineStatement(
  'unpublish_channel',
  `UPDATE search_state SET is_public = false
    WHERE owner_id = $1 AND NOT EXISTS (SELECT FROM channels WHERE channel_id = $2 AND username IS NOT NULL)`,
);

const removePosts = defineStatement(
  'remove_public_posts',
  `DELETE FROM public_posts WHERE ctid = ANY (ARRAY(SELECT ctid FROM public_posts WHERE channel_id = $1 LIMIT ${SLICE}))`,
);

/** Removes the search rows of a channel that everybody could search, if it is private. */
export const unpublishJob = defineJobKind<{ channelId: bigint }>({
  kind: 'unpublish-channel',
  codec: jsonCodec(),
  async run({ channelId }, { db, signal }) {
    const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
    for (let isMore = true; isMore; ) {
      signal.throwIfAborted();
      isMore = await db.transact('unpublish-channel', async (tx) => {
        // Without a row of state nothing was indexed. It must not go on then: there is no row to lock, so the indexer and the owner could add one at the same time.
        if ((await tx.run(lockState, [peerId])).count === 0) return false;
        const { count } = await tx.run(unpublish, [peerId, channelId]);
        return count > 0 && (await tx.run(removePosts, [channelId])).count === SLICE;
      });
    }
  },
});

/** Whether everybody finds and reads a channel. Pure. */
export function isPublic({ username, flags }: Pick<ChannelRow, 'username' | 'flags'>): boolean {
  return username !== null && (flags & ChannelFlag.deleted) === 0;
}

/**
 * Writes by what everybody finds a channel and its posts, after a change of the channel, and removes the channel from its owner's profile page if
 * it is not public or not the owner's any more. The caller must hold the lock of the channel's counter.
 * @param before the channel before the change
 */
export async function savePublicIndex({ tx, bus, date }: { tx: Tx; bus: Bus; date: number }, before: ChannelRow, row: ChannelRow): Promise<void> {
  const [was, is] = [isPublic(before), isPublic(row)];
  if (!was && !is) return;
  if (was && (!is || before.creator_id !== row.creator_id)) await endPersonal(tx, bus, before);
  if (before.username !== row.username || before.title !== row.title || !is) await saveChannelWords(tx, row);
  if (was === is || row.kind !== 'broadcast') return;
  const { channel_id: channelId } = row;
  if (is) await tx.run(publishPosts, [markPeer({ _: 'peerChannel', channel_id: channelId })]);
  else await tx.job(unpublishJob.order(row.creator_id, { channelId }, (date + UNPUBLISH_AFTER_S) * 1000));
}

async function endPersonal(tx: Tx, bus: Bus, { creator_id: userId, channel_id }: ChannelRow): Promise<void> {
  if (!(await removePersonalChannel(tx, userId, channel_id))) return;
  tx.afterCommit(() => {
    const isSettled = publishDecision(bus, { kind: 'user', userId });
    publishAccountHint(bus, { kind: 'shown', userId, update: { _: 'updateUser', user_id: userId } });
    return isSettled;
  });
}

/** Rewrites the words of a channel's username and title; a private one has none. */
async function saveChannelWords(tx: Tx, row: ChannelRow): Promise<void> {
  const { channel_id } = row;
  const words = isPublic(row) ? searchWords(`${row.username} ${row.title}`) : [];
  await tx.q
    .deleteFrom('channel_words')
    .where('channel_id', '=', channel_id)
    .$if(words.length > 0, (query) => query.where('word', 'not in', words))
    .execute();
  if (words.length === 0) return;
  const together = joinAllWords(words);
  await tx.q
    .insertInto('channel_words')
    .values(words.map((word) => ({ channel_id, word, words: together })))
    .onConflict((oc) => oc.columns(['channel_id', 'word']).doUpdateSet({ words: together }))
    .execute();
}
