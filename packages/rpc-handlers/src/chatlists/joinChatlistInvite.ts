import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { INVITE_QUOTAS, NOTICE_QUOTAS } from '../quotas.ts';
import { answerFolder, CHATS_LIMIT, namedPeers, readSlug, SLUG_LIMIT } from './folder-call.ts';

export const joinChatlistInvite = defineMethod({
  method: 'chatlists.joinChatlistInvite',
  access: 'user',
  cost: 10,
  // As much as joining one channel.
  itemCosts: { peers: 3 },
  limits: { vectors: { peers: CHATS_LIMIT }, strings: { slug: SLUG_LIMIT } },
  quotas: [...INVITE_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { slug, peers }) {
    return answerFolder(ctx, await ctx.domain.sharedFolders.doJoin(actingAs(ctx), readSlug(slug), await namedPeers(ctx, peers)));
  },
});
