import { refuseChannelsYet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, joinLimits } from '@aerogram/rpc';

import { SEND_QUOTAS } from '../quotas.ts';
import { accessReply } from './access-reply.ts';
import { findSchedule } from './find-schedule.ts';
import { originOf } from './origin.ts';
import { projectScheduledAnswer } from './project-scheduled-answer.ts';
import { projectSent } from './project-sent.ts';
import { REPLY_LIMITS } from './text-limits.ts';

export const forwardMessages = defineMethod({
  method: 'messages.forwardMessages',
  access: ['user', 'bot'],
  cost: 2,
  limits: joinLimits({ vectors: { id: 100, random_id: 100 } }, REPLY_LIMITS),
  quotas: SEND_QUOTAS,
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, req) {
    const { messages, peers, scheduled } = ctx.domain;
    if (req.quick_reply_shortcut !== undefined) throw rpcError('SHORTCUT_INVALID');
    const from = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.from_peer));
    const to = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.to_peer));
    const forwarding = {
      ownerId: ctx.userId,
      fromPeerId: from.peerId,
      msgIds: req.id,
      randomIds: req.random_id,
      silent: req.silent === true,
      noforwards: req.noforwards === true,
      dropAuthor: req.drop_author === true,
    };
    const rest = { reply: await accessReply(ctx, to, req.reply_to), origin: originOf(ctx) };
    const schedule = findSchedule(ctx, req);
    if (schedule !== undefined) {
      const parts = await messages.prepareForward(to, forwarding);
      return projectScheduledAnswer(ctx, await scheduled.doSchedule(to, { ...rest, senderId: ctx.userId, parts }, schedule));
    }
    const rows = await messages.doForward(to, forwarding, rest);
    return projectSent(ctx, rows, req.random_id, undefined);
  },
});
