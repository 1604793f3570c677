import { defineMethod } from '@aerogram/rpc';

import { accessCommentedPeer } from '../access-channel-peer.ts';

/** The message that started the thread of a message, and how far the thread was read. */
export const getDiscussionMessage = defineMethod({
  method: 'messages.getDiscussionMessage',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer: input, msg_id: msgId }) {
    const { channels } = ctx.domain;
    const { channelId } = await accessCommentedPeer(ctx, input);
    const thread = await channels.at(channelId).posts.openThread(ctx.userId, msgId);
    const { messages, users, chats } = await channels.project(ctx.userId, [thread.root]);
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
