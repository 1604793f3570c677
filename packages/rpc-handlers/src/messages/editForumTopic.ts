import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessForum } from './topic-call.ts';

export const editForumTopic = defineMethod({
  method: 'messages.editForumTopic',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { title: 1024 } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, topic_id: topicId, title, icon_emoji_id: emojiId, closed, hidden }) {
    if (emojiId !== undefined && emojiId !== 0n && !(await ctx.domain.stickerSets.isCustomEmoji(emojiId))) throw rpcError('DOCUMENT_INVALID');
    const { peer, topics } = await accessForum(ctx, input);
    return answerChannel(ctx, peer.peerId, await topics.doEdit({ ...actingAs(ctx), topicId, title, emojiId: emojiId === 0n ? null : emojiId, closed, hidden }));
  },
});
