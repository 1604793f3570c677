import { defineMethod } from '@aerogram/rpc';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessForum } from './topic-call.ts';

export const updatePinnedForumTopic = defineMethod({
  method: 'messages.updatePinnedForumTopic',
  access: ['user', 'bot'],
  cost: 2,
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, topic_id: topicId, pinned }) {
    const { peer, topics } = await accessForum(ctx, input);
    return answerChannel(ctx, peer.peerId, await topics.doPin(actingAs(ctx), topicId, pinned));
  },
});
