import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { commentsIn, hasFlag, MessageFlag, type PostRow } from '../events/index.ts';
import { projectMessage } from '../messages/index.ts';
import { mentionedIn } from './mentions.ts';
import { beginsTopic } from './topic-place.ts';
import { GENERAL_TOPIC_ID } from './topic-store.ts';

/** A message of a channel as one viewer sees it. Pure. */
export function projectPost(row: PostRow, viewerId: bigint): tl.message | tl.messageService {
  const isOwn = row.poster_id === viewerId;
  const ownFlags = isOwn ? row.flags | MessageFlag.out : row.flags;
  const flags = mentionedIn(row).includes(viewerId) ? ownFlags : ownFlags & ~MessageFlag.mentioned;
  const message = projectMessage({ ...row, owner_id: viewerId, flags });
  message.reply_to = headerInThread(row, message.reply_to);
  if (hasFlag(row, MessageFlag.post)) {
    message.post = true;
    // A post without an author is the channel's own.
    if (row.from_id === row.peer_id) delete message.from_id;
    if (message._ === 'message') {
      message.views ??= 1;
      message.forwards ??= 0;
      const channel_id = commentsIn(row.extra);
      if (channel_id !== undefined) message.replies = { _: 'messageReplies', comments: true, replies: 0, replies_pts: 0, channel_id };
    }
  } else if (message._ === 'message') {
    // Stands for the number of replies until the filler of messages puts it in.
    message.replies = { _: 'messageReplies', replies: 0, replies_pts: row.pts };
  }
  if (message._ === 'message' && row.signature !== null) message.post_author = row.signature;
  return message;
}

/**
 * The reply header of a message with the thread to which it belongs. A message of a topic has one even if it is no reply; General is not named, and the first
 * message of a topic stands for it. Pure.
 */
function headerInThread(row: PostRow, header: tl.MessageReplyHeader | undefined): tl.MessageReplyHeader | undefined {
  const { top_id, reply_to_msg_id } = row;
  if (top_id === null || (header !== undefined && header._ !== 'messageReplyHeader')) return header;
  if (!hasFlag(row, MessageFlag.inTopic)) return header && top_id !== reply_to_msg_id ? { ...header, reply_to_top_id: top_id } : header;
  if (top_id === GENERAL_TOPIC_ID || beginsTopic(row)) return header;
  if (header === undefined) return { _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: top_id };
  return { ...header, forum_topic: true, reply_to_top_id: top_id };
}

/**
 * A message that is hidden from the viewer, for places that need a message: it tells nothing but its id and date. Clients show it as the end of
 * a cleared history. Pure.
 */
export function projectHiddenPost({ peer_id, msg_id, date, flags }: PostRow): tl.messageService {
  const post = hasFlag({ flags }, MessageFlag.post) || undefined;
  return { _: 'messageService', id: msg_id, peer_id: unmarkPeer(peer_id), post, date, action: { _: 'messageActionHistoryClear' } };
}
