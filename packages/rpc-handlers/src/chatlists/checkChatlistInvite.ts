import { unmarkPeer } from '@aerogram/cluster';
import { defineMethod } from '@aerogram/rpc';

import { INVITE_QUOTAS } from '../quotas.ts';
import { projectOffered, readSlug, SLUG_LIMIT } from './folder-call.ts';

export const checkChatlistInvite = defineMethod({
  method: 'chatlists.checkChatlistInvite',
  access: 'user',
  // A guess at what others own costs more than a read.
  cost: 10,
  limits: { strings: { slug: SLUG_LIMIT } },
  quotas: INVITE_QUOTAS,
  repeat: 'read',
  async handler(ctx, { slug }) {
    const { folder, ownId, missing, already } = await ctx.domain.sharedFolders.findOffered(ctx.userId, readSlug(slug));
    const offered = await projectOffered(ctx, [...missing, ...already]);
    if (ownId !== undefined) {
      return { _: 'chatlists.chatlistInviteAlready', filter_id: ownId, missing_peers: missing.map(unmarkPeer), already_peers: already.map(unmarkPeer), ...offered };
    }
    const { title, title_noanimate, emoticon } = folder;
    return { _: 'chatlists.chatlistInvite', title, title_noanimate, emoticon, peers: missing.map(unmarkPeer), ...offered };
  },
});
