import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { INVITE_QUOTAS, NOTICE_QUOTAS } from '../quotas.ts';
import { answerFolder, CHATS_LIMIT, namedPeers } from './folder-call.ts';

export const joinChatlistUpdates = defineMethod({
  method: 'chatlists.joinChatlistUpdates',
  access: 'user',
  cost: 10,
  // As much as joining one channel.
  itemCosts: { peers: 3 },
  limits: { vectors: { peers: CHATS_LIMIT } },
  quotas: [...INVITE_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chatlist, peers }) {
    return answerFolder(ctx, await ctx.domain.sharedFolders.doJoinNews(actingAs(ctx), chatlist.filter_id, await namedPeers(ctx, peers)));
  },
});
