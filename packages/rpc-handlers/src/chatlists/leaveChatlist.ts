import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { answerFolder, CHATS_LIMIT, namedPeers } from './folder-call.ts';

export const leaveChatlist = defineMethod({
  method: 'chatlists.leaveChatlist',
  access: 'user',
  cost: 5,
  // As much as leaving one channel.
  itemCosts: { peers: 2 },
  limits: { vectors: { peers: CHATS_LIMIT } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chatlist, peers }) {
    return answerFolder(ctx, await ctx.domain.sharedFolders.doLeave(actingAs(ctx), chatlist.filter_id, await namedPeers(ctx, peers)));
  },
});
