import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessReply } from './access-reply.ts';
import { checkSchedule } from './check-schedule.ts';
import { originOf } from './origin.ts';
import { projectSent } from './project-sent.ts';

export const forwardMessages = defineMethod({
  method: 'messages.forwardMessages',
  access: ['user', 'bot'],
  cost: 2,
  limits: { vectors: { id: 100, random_id: 100 } },
  repeat: 'random_id',
  async handler(ctx, req) {
    const { messages, peers } = ctx.domain;
    checkSchedule(ctx, req.schedule_date);
    if (req.quick_reply_shortcut !== undefined) throw rpcError('SHORTCUT_INVALID');
    const from = await peers.accessInputPeer(ctx.userId, req.from_peer);
    const to = await peers.accessInputPeer(ctx.userId, req.to_peer);
    const rows = await messages.doForward(
      to,
      {
        ownerId: ctx.userId,
        fromPeerId: from.peerId,
        msgIds: req.id,
        randomIds: req.random_id,
        silent: req.silent === true,
        noforwards: req.noforwards === true,
        dropAuthor: req.drop_author === true,
      },
      { reply: await accessReply(ctx, to, req.reply_to), origin: originOf(ctx) },
    );
    return projectSent(ctx, rows, req.random_id);
  },
});
