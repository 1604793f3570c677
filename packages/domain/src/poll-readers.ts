import { isMarkedChannel, isMarkedChat } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';

import { accessPosts } from './channel-posts/index.ts';
import { findChannelMembers, findChatMembers, findChatRows, standingIn } from './chats/index.ts';
import { channelIdOf, hasFlag, MessageFlag } from './events/index.ts';
import { chatIdOf, findMessage } from './messages/index.ts';
import type { PollReaders } from './polls/index.ts';

/** Creates what polls read of messages and chats. */
export function createPollReaders({ clock }: { clock: Pick<Clock, 'now'> }): PollReaders {
  return {
    async readExtra(tx, { viewerId, peerId, msgId, readId }) {
      if (isMarkedChannel(peerId)) {
        const viewer = { viewerId, channelId: channelIdOf(peerId) };
        const { posts } = await accessPosts({ db: tx, clock, findReadId: () => Promise.resolve(readId) }, viewer, [msgId]);
        return posts.get(msgId);
      }
      if (isMarkedChat(peerId)) {
        const chatId = chatIdOf(peerId);
        const [[row], [member]] = await Promise.all([findChatRows(tx, [chatId]), findChatMembers(tx, [{ id: chatId, userId: viewerId }])]);
        if (row === undefined || standingIn(row, member, clock.now()).status !== 'member') throw rpcError('PEER_ID_INVALID');
      }
      const message = await findMessage(tx.q, viewerId, msgId);
      return message?.peer_id === peerId && !hasFlag(message, MessageFlag.service) ? message : undefined;
    },
    async isMember(tx, peerId, userId) {
      const [member] = await findChannelMembers(tx, [{ id: channelIdOf(peerId), userId }]);
      return member?.status === 'member';
    },
  };
}
