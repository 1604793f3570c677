import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { type Database, defineStatement } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { FilledFor, ThreadFiller } from '../documents/index.ts';
import type { PeerSet } from '../peers/index.ts';
import { findShownComments, type ShownComments } from './comment-store.ts';

interface ShownThread {
  channel_id: bigint;
  top_id: number;
  count: number;
  top_msg_id: number;
  version: number;
}

interface ThreadMark {
  channel_id: bigint;
  top_id: number;
  read_max_id: number;
}

const readShown = defineStatement<ShownThread>(
  'read_shown_threads',
  `SELECT t.channel_id, t.top_id, t.count, t.top_msg_id, t.version
     FROM unnest($1::bigint[], $2::integer[]) AS w (channel_id, top_id) JOIN channel_threads t USING (channel_id, top_id)`,
);

const readMarks = defineStatement<ThreadMark>(
  'read_thread_marks',
  `SELECT t.channel_id, t.top_id, t.read_max_id
     FROM unnest($2::bigint[], $3::integer[]) AS w (channel_id, top_id) JOIN user_threads t ON t.owner_id = $1 AND t.channel_id = w.channel_id AND t.top_id = w.top_id`,
);

/** A message that shows how many replies or comments it has. */
type WithReplies = tl.message & { replies: tl.messageReplies; peer_id: tl.peerChannel };

/** Creates the filler of the numbers of replies and comments. */
export function createThreadFiller(db: Pick<Database, 'run'>): ThreadFiller {
  const findMarks = async (viewerId: bigint | undefined, channelIds: readonly bigint[], topIds: readonly number[]): Promise<Map<string, number>> => {
    if (viewerId === undefined || topIds.length === 0) return new Map();
    const { rows } = await db.run(readMarks, [viewerId, channelIds, topIds]);
    return new Map(rows.map((row) => [keyOf(row.channel_id, row.top_id), row.read_max_id]));
  };

  async function fillReplies(messages: readonly WithReplies[], { viewerId }: FilledFor): Promise<void> {
    if (messages.length === 0) return;
    const places = [messages.map((message) => message.peer_id.channel_id), messages.map((message) => message.id)] as const;
    const [threads, read] = await Promise.all([db.run(readShown, [...places]), findMarks(viewerId, ...places)]);
    const shown = new Map(threads.rows.map((row) => [keyOf(row.channel_id, row.top_id), row]));
    for (const message of messages) {
      const key = keyOf(message.peer_id.channel_id, message.id);
      const thread = shown.get(key);
      if (thread === undefined) continue;
      const { count, version, top_msg_id } = thread;
      // Clients show who replied last only below posts of broadcast channels.
      message.replies = { _: 'messageReplies', replies: count, replies_pts: version, max_id: top_msg_id || undefined, read_max_id: read.get(key) };
    }
  }

  async function fillComments(posts: readonly WithReplies[], { viewerId, named }: FilledFor): Promise<void> {
    if (posts.length === 0) return;
    const found = await findShownComments(db, posts.map((post) => ({ channelId: post.peer_id.channel_id, postId: post.id, groupId: post.replies.channel_id! })));
    const shown = new Map(found.map((row) => [keyOf(row.channel_id, row.msg_id), row]));
    const commented = posts.filter((post) => shown.get(keyOf(post.peer_id.channel_id, post.id))?.root_id);
    const rootOf = (post: WithReplies): number => shown.get(keyOf(post.peer_id.channel_id, post.id))!.root_id!;
    const read = await findMarks(viewerId, commented.map((post) => post.replies.channel_id!), commented.map(rootOf));
    for (const post of posts) {
      const comments = shown.get(keyOf(post.peer_id.channel_id, post.id));
      // Comments of a group that the channel is not linked with any more are not shown, nor those on a post whose copy the group has deleted.
      if (comments?.is_linked !== true || comments.is_closed === true) {
        delete (post as tl.message).replies;
        continue;
      }
      named?.add(markPeer({ _: 'peerChannel', channel_id: post.replies.channel_id! }));
      if (comments.root_id !== null) post.replies = { ...post.replies, ...projectComments(comments, named), read_max_id: read.get(keyOf(post.replies.channel_id!, comments.root_id)) };
    }
  }

  function fill(messages: readonly WithReplies[], reader: FilledFor): Promise<unknown> {
    return Promise.all([fillReplies(messages.filter((message) => !isPost(message)), reader), fillComments(messages.filter(isPost), reader)]);
  }

  return {
    fill(messages, reader = {}) {
      const found = messages.filter(hasReplies);
      return found.length === 0 ? undefined : fill(found, reader).then(() => {});
    },
    fillUpdates(updates) {
      // A new message has no replies yet.
      const edited = updates.flatMap((update) => (update._ === 'updateEditChannelMessage' && hasReplies(update.message) ? [update.message] : []));
      return edited.length === 0 ? undefined : fill(edited, {}).then(() => {});
    },
  };
}

/** @param named those who have commented last are added to it; without it they are left out */
function projectComments({ count, version, max_id, repliers }: ShownComments, named: PeerSet | undefined): Pick<tl.messageReplies, 'replies' | 'replies_pts' | 'max_id' | 'recent_repliers'> {
  const shown = named === undefined ? [] : (repliers ?? []);
  for (const peerId of shown) named!.add(peerId);
  return { replies: count!, replies_pts: version!, max_id: max_id || undefined, recent_repliers: shown.length === 0 ? undefined : shown.map(unmarkPeer) };
}

function hasReplies(message: tl.Message): message is WithReplies {
  return message._ === 'message' && message.replies !== undefined && message.peer_id._ === 'peerChannel';
}

/** Whether a message is a post of a broadcast channel, below which there are comments. */
const isPost = (message: WithReplies): boolean => message.replies.channel_id !== undefined;

const keyOf = (channelId: bigint, topId: number): string => `${channelId}:${topId}`;
