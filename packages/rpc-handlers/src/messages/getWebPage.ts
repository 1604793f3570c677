import { normalizeUrl } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { PAGE_QUOTAS } from '../quotas.ts';

/** Returns what is known about a web page; a page that is still being fetched follows as an update. */
export const getWebPage = defineMethod({
  method: 'messages.getWebPage',
  access: 'user',
  cost: 3,
  quotas: PAGE_QUOTAS,
  repeat: 'idempotent',
  inMaintenance: true,
  async handler(ctx, req): Promise<tl.messages.webPage> {
    const url = normalizeUrl(req.url);
    if (url === undefined) throw rpcError('WC_CONVERT_URL_INVALID');
    const page = await ctx.domain.webPages.doRequestPage(ctx.userId, url);
    const isKnown = page._ === 'webPage' && req.hash !== 0 && page.hash === req.hash;
    return { _: 'messages.webPage', webpage: isKnown ? { _: 'webPageNotModified' } : page, chats: [], users: [] };
  },
});
