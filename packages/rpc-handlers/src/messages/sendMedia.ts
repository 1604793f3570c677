import { given, storesSomething } from '@aerogram/domain';
import { defineMethod, joinLimits } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { PAGE_QUOTAS, SEND_QUOTAS, URL_QUOTAS } from '../quotas.ts';
import { MARKUP_LIMITS } from './prepare-markup.ts';
import { TODO_LIMITS } from './prepare-todo-media.ts';
import { prepareWebPage } from './prepare-web-page.ts';
import { accessCommentedTarget, sendOne } from './send-one.ts';
import { senderOf } from './sender-of.ts';
import { MEDIA_LIMITS, REPLY_LIMITS, TEXT_LIMITS } from './text-limits.ts';

/** Media other than documents and photos that need files are refused as invalid. */
export const sendMedia = defineMethod({
  method: 'messages.sendMedia',
  access: ['user', 'bot'],
  cost: 1,
  limits: joinLimits(TEXT_LIMITS, REPLY_LIMITS, MEDIA_LIMITS, TODO_LIMITS, MARKUP_LIMITS),
  quotas: [...SEND_QUOTAS, ...PAGE_QUOTAS, ...URL_QUOTAS, 'unsentFiles'],
  repeat: 'random_id',
  // A link preview is text; other media are refused before they are prepared.
  elsewhere: { peer: 'works', reply_to: 'works' },
  presence: 'acting',
  async handler(ctx, req) {
    const { mediaInputs, messages } = ctx.domain;
    const peer = await accessCommentedTarget(ctx, req, [req.random_id]);
    if (req.media._ === 'inputMediaWebPage') {
      const text = await messages.normalizeText(ctx.userId, req.message, req.entities);
      const media = await prepareWebPage(ctx, req.media, text);
      return sendOne(ctx, req, peer, { text, media, noWebpage: media === undefined });
    }
    messages.checkTakesMedia(peer);
    const scheduleDate = given(req.schedule_date);
    const isScheduled = scheduleDate !== undefined;
    const call = { senderId: ctx.userId, peer, randomId: req.random_id, isScheduled };
    const earlier = storesSomething(req.media) ? await ctx.domain.scheduled.findSent(call) : undefined;
    const made: tl.MessageMedia[] = [];
    // What is scheduled has no lifetime.
    const target = isScheduled ? {} : { to: peer.peerId };
    const media = earlier === undefined ? await mediaInputs.prepare(req.media, { ...senderOf(ctx), peer, scheduleDate, target, made }) : earlier.media;
    try {
      const text = await messages.normalizeCaption(ctx.userId, req.message, req.entities);
      return await sendOne(ctx, req, peer, { text, media, besides: made, noWebpage: false });
    } catch (error) {
      if (earlier === undefined) await mediaInputs.doDropRefused(media, error);
      throw error;
    }
  },
});
