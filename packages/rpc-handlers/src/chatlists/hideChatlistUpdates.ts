import { defineMethod } from '@aerogram/rpc';

export const hideChatlistUpdates = defineMethod({
  method: 'chatlists.hideChatlistUpdates',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx, { chatlist }) {
    await ctx.domain.sharedFolders.doHideNews(ctx.userId, chatlist.filter_id);
    return true;
  },
});
