import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessPeers, CHATS_LIMIT, projectLink, TITLE_LIMIT } from './folder-call.ts';

export const exportChatlistInvite = defineMethod({
  method: 'chatlists.exportChatlistInvite',
  access: 'user',
  cost: 10,
  itemCosts: { peers: 0.2 },
  limits: { vectors: { peers: CHATS_LIMIT }, strings: { title: TITLE_LIMIT } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chatlist, title, peers: inputs }) {
    const peers = await accessPeers(ctx, inputs);
    const { filter, link } = await ctx.domain.sharedFolders.doExport(actingAs(ctx), chatlist.filter_id, { title, peers });
    return { _: 'chatlists.exportedChatlistInvite', filter, invite: projectLink(link) };
  },
});
