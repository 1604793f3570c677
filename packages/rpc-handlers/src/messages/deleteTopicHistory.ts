import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessForum } from './topic-call.ts';

/** Deletes a topic. Each call deletes a slice of its messages, in a transaction of its own. */
export const deleteTopicHistory = defineMethod({
  method: 'messages.deleteTopicHistory',
  access: ['user', 'bot'],
  cost: 5,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, top_msg_id: topicId }) {
    const { peer, topics } = await accessForum(ctx, input);
    const { pts, ptsCount, offset } = await topics.doDelete(actingAs(ctx), topicId);
    ctx.boxStep({ owner: peer.peerId, pts, ptsCount });
    return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
  },
});
