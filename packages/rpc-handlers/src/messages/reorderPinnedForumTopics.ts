import { defineMethod } from '@aerogram/rpc';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessForum } from './topic-call.ts';

export const reorderPinnedForumTopics = defineMethod({
  method: 'messages.reorderPinnedForumTopics',
  access: ['user', 'bot'],
  cost: 2,
  limits: { vectors: { order: 100 } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, order, force }) {
    const { peer, topics } = await accessForum(ctx, input);
    return answerChannel(ctx, peer.peerId, await topics.doReorderPinned(actingAs(ctx), order, force === true));
  },
});
