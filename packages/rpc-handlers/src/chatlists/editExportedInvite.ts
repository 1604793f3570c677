import { defineMethod } from '@aerogram/rpc';

import { accessPeers, CHATS_LIMIT, projectLink, readSlug, SLUG_LIMIT, TITLE_LIMIT } from './folder-call.ts';

export const editExportedInvite = defineMethod({
  method: 'chatlists.editExportedInvite',
  access: 'user',
  cost: 5,
  itemCosts: { peers: 0.2 },
  limits: { vectors: { peers: CHATS_LIMIT }, strings: { title: TITLE_LIMIT, slug: SLUG_LIMIT } },
  repeat: 'idempotent',
  async handler(ctx, { chatlist, slug, title, peers: inputs }) {
    const peers = inputs && (await accessPeers(ctx, inputs));
    const place = { filterId: chatlist.filter_id, slug: readSlug(slug) };
    return projectLink(await ctx.domain.sharedFolders.doEdit(ctx.userId, place, { ...(title === undefined ? {} : { title }), ...(peers ? { peers } : {}) }));
  },
});
