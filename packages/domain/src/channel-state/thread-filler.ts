import { type Database, defineStatement } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ThreadFiller } from '../documents/index.ts';

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

/** A message of a supergroup, with the number of its replies. */
type WithReplies = tl.message & { replies: tl.messageReplies; peer_id: tl.peerChannel };

/** Creates the filler of the numbers of replies. The last repliers are left out: clients show them only below posts of broadcast channels. */
export function createThreadFiller(db: Pick<Database, 'run'>): ThreadFiller {
  async function fill(messages: readonly WithReplies[], viewerId: bigint | undefined): Promise<void> {
    const places = [messages.map((message) => message.peer_id.channel_id), messages.map((message) => message.id)] as const;
    const [threads, marks] = await Promise.all([db.run(readShown, [...places]), viewerId === undefined ? undefined : db.run(readMarks, [viewerId, ...places])]);
    const shown = new Map(threads.rows.map((row) => [keyOf(row.channel_id, row.top_id), row]));
    const read = new Map(marks?.rows.map((row) => [keyOf(row.channel_id, row.top_id), row.read_max_id]));
    for (const message of messages) {
      const key = keyOf(message.peer_id.channel_id, message.id);
      const thread = shown.get(key);
      if (thread === undefined) continue;
      const { count, version, top_msg_id } = thread;
      message.replies = { _: 'messageReplies', replies: count, replies_pts: version, max_id: top_msg_id || undefined, read_max_id: read.get(key) };
    }
  }
  return {
    fill(messages, viewerId) {
      const found = messages.filter(hasReplies);
      return found.length === 0 ? undefined : fill(found, viewerId);
    },
    fillUpdates(updates) {
      // A new message has no replies yet.
      const edited = updates.flatMap((update) => (update._ === 'updateEditChannelMessage' && hasReplies(update.message) ? [update.message] : []));
      return edited.length === 0 ? undefined : fill(edited, undefined);
    },
  };
}

function hasReplies(message: tl.Message): message is WithReplies {
  return message._ === 'message' && message.replies !== undefined && message.peer_id._ === 'peerChannel';
}

const keyOf = (channelId: bigint, topId: number): string => `${channelId}:${topId}`;
