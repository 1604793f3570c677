import { unmarkPeer } from '@aerogram/cluster';
import { defineMethod } from '@aerogram/rpc';

export const getLeaveChatlistSuggestions = defineMethod({
  method: 'chatlists.getLeaveChatlistSuggestions',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: async (ctx, { chatlist }) => (await ctx.domain.sharedFolders.suggestLeaving(ctx.userId, chatlist.filter_id)).map(unmarkPeer),
});
