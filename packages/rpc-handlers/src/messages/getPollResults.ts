import { defineMethod } from '@aerogram/rpc';

export const getPollResults = defineMethod({
  method: 'messages.getPollResults',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer, msg_id: msgId, poll_hash: hash }) {
    const { peers, polls, updates } = ctx.domain;
    const { peerId } = await peers.accessInputPeerOrCommented(ctx.userId, peer);
    return updates.projectAnswer(ctx.userId, [await polls.findResults({ viewerId: ctx.userId, peerId, msgId }, hash)]);
  },
});
