import { POLL_ANSWERS_MAX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const sendVote = defineMethod({
  method: 'messages.sendVote',
  access: 'user',
  cost: 1,
  limits: { vectors: { options: { max: POLL_ANSWERS_MAX, error: 'OPTIONS_TOO_MUCH' } } },
  quotas: ['pollVotes', 'votesToldToBot'],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, msg_id: msgId, options }) {
    const { peers, polls, updates } = ctx.domain;
    const { peerId } = await peers.accessInputPeerOrCommented(ctx.userId, peer);
    return updates.projectAnswer(ctx.userId, [await polls.doVote({ viewerId: ctx.userId, peerId, msgId, options })]);
  },
});
