import { prepareText } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessReply } from './access-reply.ts';
import { findSchedule } from './find-schedule.ts';
import { originOf } from './origin.ts';
import { projectScheduledAnswer } from './project-scheduled-answer.ts';
import { projectSent } from './project-sent.ts';

export const sendMessage = defineMethod({
  method: 'messages.sendMessage',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { entities: 1000 } },
  repeat: 'random_id',
  async handler(ctx, req) {
    const { messages, peers, scheduled } = ctx.domain;
    if (req.quick_reply_shortcut !== undefined) throw rpcError('SHORTCUT_INVALID');
    if (req.random_id === 0n) throw rpcError('RANDOM_ID_EMPTY');
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    const text = await messages.normalizeText(ctx.userId, req.message, req.entities);
    const reply = await accessReply(ctx, peer, req.reply_to);
    const message = {
      senderId: ctx.userId,
      randomId: req.random_id,
      text,
      silent: req.silent === true,
      noforwards: req.noforwards === true,
      noWebpage: req.no_webpage === true,
      invertMedia: req.invert_media === true,
      reply,
      clearsDraft: req.clear_draft === true,
      origin: originOf(ctx),
    };
    const scheduleDate = findSchedule(ctx, req.schedule_date);
    if (scheduleDate !== undefined) {
      return projectScheduledAnswer(ctx, await scheduled.doSchedule(peer, prepareText(message), scheduleDate));
    }
    return projectSent(ctx, [await messages.doSendText(peer, message)], [req.random_id], true);
  },
});
