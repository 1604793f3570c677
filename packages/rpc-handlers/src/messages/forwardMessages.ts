import { given } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, joinLimits } from '@aerogram/rpc';

import { SEND_QUOTAS } from '../quotas.ts';
import { accessReplying } from './access-reply.ts';
import { findAskedSendAs } from './access-send-as.ts';
import { findSchedule } from './find-schedule.ts';
import { originOf } from '../origin.ts';
import { projectScheduledAnswer } from './project-scheduled-answer.ts';
import { projectSent } from './project-sent.ts';
import { checkEffect, effectIn } from './send-one.ts';
import { sendToChannel } from './send-to-channel.ts';
import { REPLY_LIMITS } from './text-limits.ts';

export const forwardMessages = defineMethod({
  method: 'messages.forwardMessages',
  access: ['user', 'bot'],
  cost: 2,
  limits: joinLimits({ vectors: { id: 100, random_id: 100 } }, REPLY_LIMITS),
  quotas: SEND_QUOTAS,
  repeat: 'random_id',
  elsewhere: { from_peer: 'works', to_peer: 'works', reply_to: 'works' },
  presence: 'acting',
  async handler(ctx, req) {
    const { forwards, messages, peers, scheduled } = ctx.domain;
    if (req.quick_reply_shortcut !== undefined) throw rpcError('SHORTCUT_INVALID');
    checkEffect(req.effect);
    const from = await peers.accessInputPeerOrFormer(ctx.userId, req.from_peer);
    const to = await peers.accessInputPeerOrCommented(ctx.userId, req.to_peer);
    const { reply, header, topicId = given(req.top_msg_id) } = await accessReplying(ctx, to, req.reply_to);
    const forwarded = await forwards.prepare(from, {
      ownerId: ctx.userId,
      toPeerId: to.peerId,
      msgIds: req.id,
      randomIds: req.random_id,
      silent: req.silent === true,
      noforwards: req.noforwards === true,
      dropAuthor: req.drop_author === true,
      dropCaptions: req.drop_media_captions === true,
    });
    // Messages that are forwarded together keep their replies to each other.
    const effectId = effectIn(to, req.effect);
    const parts = forwarded.map((part, index) => {
      const extra = { ...part.extra, effectId: index === 0 ? effectId : undefined };
      return { ...part, extra: part.answers === undefined ? { ...extra, replyTo: header } : extra };
    });
    const outgoing = { senderId: ctx.userId, parts, reply, origin: originOf(ctx) };
    const schedule = findSchedule(ctx, req);
    const sendAs = await findAskedSendAs(ctx, to, req.send_as);
    if (schedule !== undefined) return projectScheduledAnswer(ctx, await scheduled.doSchedule(to, { ...outgoing, sendAs, topicId }, schedule));
    const answer = to.kind === 'channel' ? await sendToChannel(ctx, to, { ...outgoing, sendAs, topicId }) : await projectSent(ctx, await messages.doSendOutgoing(to, outgoing), parts, undefined);
    forwards.noteSent(ctx.userId, parts);
    return answer;
  },
});
