import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { REACTION_QUOTAS } from '../quotas.ts';
import { originOf } from './origin.ts';

export const sendReaction = defineMethod({
  method: 'messages.sendReaction',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { reaction: 20 } },
  quotas: REACTION_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { peers, reactions, updates } = ctx.domain;
    const peer = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.peer));
    const update = await reactions.doReact(peer, {
      ownerId: ctx.userId,
      msgId: req.msg_id,
      reactions: req.reaction ?? [],
      big: req.big === true,
      addsToRecent: req.add_to_recent === true,
      origin: originOf(ctx),
    });
    return updates.projectAnswer(ctx.userId, [update]);
  },
});
