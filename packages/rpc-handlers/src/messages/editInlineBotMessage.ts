import { isUpload } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, joinLimits } from '@aerogram/rpc';

import { PAGE_QUOTAS } from '../quotas.ts';
import { prepareContent } from './prepare-content.ts';
import { MARKUP_LIMITS, rebuildFor } from './prepare-markup.ts';
import { MEDIA_LIMITS, TEXT_LIMITS } from './text-limits.ts';

/** New media must exist already: an upload would belong to the bot, and the message to somebody else. */
export const editInlineBotMessage = defineMethod({
  method: 'messages.editInlineBotMessage',
  access: 'bot',
  cost: 1,
  limits: joinLimits(TEXT_LIMITS, MEDIA_LIMITS, MARKUP_LIMITS),
  quotas: ['inlineEdits', ...PAGE_QUOTAS],
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { inline } = ctx.domain;
    if (req.rich_message !== undefined || (req.media !== undefined && isUpload(req.media))) throw rpcError('MEDIA_NEW_INVALID');
    if (req.message === undefined && req.media === undefined && req.reply_markup === undefined) throw rpcError('MESSAGE_NOT_MODIFIED');
    const sent = await inline.accessSent(ctx.userId, req.id);
    const content = await prepareContent(ctx, req, { findCurrent: () => Promise.resolve(sent.row) });
    const replyMarkup = req.reply_markup === undefined ? null : ((await rebuildFor(ctx, req.reply_markup, 'broadcast')) ?? null);
    await inline.doEdit(sent, { ...content, replyMarkup, invertMedia: req.invert_media === true });
    return true;
  },
});
