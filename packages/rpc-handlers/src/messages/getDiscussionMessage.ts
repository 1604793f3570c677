import { defineMethod } from '@aerogram/rpc';

import { accessCommentedPeer } from '../access-channel-peer.ts';
import { accessThreadPlace } from '../access-thread-place.ts';

/**
 * The message that started the thread of a message, or the copy of a post in the discussion group with its whole album, and how far the thread was read. An app asks this as
 * soon as a post is there, when the group may not have its copy yet.
 */
export const getDiscussionMessage = defineMethod({
  method: 'messages.getDiscussionMessage',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer: input, msg_id: msgId }) {
    const { channels } = ctx.domain;
    const place = await accessThreadPlace(ctx, await accessCommentedPeer(ctx, input), msgId, { awaits: true });
    const thread = await channels.at(place.channelId).posts.openThread(ctx.userId, place.msgId);
    const { messages, users, chats } = await channels.project(ctx.userId, thread.roots, place.peerIds);
    return {
      _: 'messages.discussionMessage',
      messages,
      max_id: thread.maxId || undefined,
      read_inbox_max_id: thread.readMaxId || undefined,
      read_outbox_max_id: thread.readOutboxMaxId || undefined,
      unread_count: thread.unread,
      chats,
      users,
    };
  },
});
