import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from './origin.ts';

export const saveDraft = defineMethod({
  method: 'messages.saveDraft',
  access: 'user',
  cost: 1,
  limits: { vectors: { entities: 1000 } },
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { dialogs, messages, peers } = ctx.domain;
    const { peerId } = await peers.accessInputPeer(ctx.userId, req.peer);
    const reply = req.reply_to?._ === 'inputReplyToMessage' ? req.reply_to : undefined;
    const isEmpty = req.message.trim() === '';
    const text = isEmpty ? undefined : await messages.normalizeText(ctx.userId, req.message, req.entities);
    const draft: tl.draftMessage | undefined =
      text === undefined && reply === undefined
        ? undefined
        : {
            _: 'draftMessage',
            no_webpage: req.no_webpage,
            invert_media: req.invert_media,
            reply_to: reply,
            message: text?.text ?? '',
            entities: text && text.entities.length > 0 ? text.entities : undefined,
            date: ctx.clock.now(),
          };
    await dialogs.doSaveDraft(ctx.userId, peerId, draft, originOf(ctx));
    return true;
  },
});
