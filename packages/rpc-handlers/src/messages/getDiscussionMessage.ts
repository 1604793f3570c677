import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** The message that started the thread of a message, and how far the thread was read. */
export const getDiscussionMessage = defineMethod({
  method: 'messages.getDiscussionMessage',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer: input, msg_id: msgId }) {
    const { channels, peers } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, input);
    if (peer.kind !== 'channel') throw rpcError('PEER_ID_INVALID');
    const thread = await channels.at(peer.channelId).posts.openThread(ctx.userId, msgId);
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
