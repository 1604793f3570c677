import { findFirstUrl } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { PAGE_QUOTAS } from '../quotas.ts';
import { TEXT_LIMITS } from './text-limits.ts';

/** Returns the link preview that a text will have when it is sent. */
export const getWebPagePreview = defineMethod({
  method: 'messages.getWebPagePreview',
  access: 'user',
  cost: 3,
  limits: TEXT_LIMITS,
  quotas: PAGE_QUOTAS,
  repeat: 'idempotent',
  inMaintenance: true,
  async handler(ctx, req): Promise<tl.messages.webPagePreview> {
    const { messages, webPages } = ctx.domain;
    const { text, entities } = await messages.normalizeText(ctx.userId, req.message, req.entities);
    const url = findFirstUrl(text, entities);
    const page = url === undefined ? undefined : await webPages.doRequestPage(ctx.userId, url);
    const isThere = page !== undefined && page._ !== 'webPageEmpty';
    const media: tl.MessageMedia = isThere ? { _: 'messageMediaWebPage', webpage: page } : { _: 'messageMediaEmpty' };
    return { _: 'messages.webPagePreview', media, chats: [], users: [] };
  },
});
