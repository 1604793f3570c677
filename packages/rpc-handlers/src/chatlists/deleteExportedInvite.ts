import { defineMethod } from '@aerogram/rpc';

import { readSlug, SLUG_LIMIT } from './folder-call.ts';

export const deleteExportedInvite = defineMethod({
  method: 'chatlists.deleteExportedInvite',
  access: 'user',
  cost: 5,
  limits: { strings: { slug: SLUG_LIMIT } },
  repeat: 'idempotent',
  async handler(ctx, { chatlist, slug }) {
    await ctx.domain.sharedFolders.doDelete(ctx.userId, { filterId: chatlist.filter_id, slug: readSlug(slug) });
    return true;
  },
});
