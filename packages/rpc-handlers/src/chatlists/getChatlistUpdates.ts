import { unmarkPeer } from '@aerogram/cluster';
import { defineMethod } from '@aerogram/rpc';

import { projectOffered } from './folder-call.ts';

export const getChatlistUpdates = defineMethod({
  method: 'chatlists.getChatlistUpdates',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { chatlist }) {
    const news = await ctx.domain.sharedFolders.listNews(ctx.userId, chatlist.filter_id);
    return { _: 'chatlists.chatlistUpdates', missing_peers: news.map(unmarkPeer), ...(await projectOffered(ctx, news)) };
  },
});
