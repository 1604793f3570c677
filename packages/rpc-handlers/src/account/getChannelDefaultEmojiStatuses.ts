import { defineMethod } from '@aerogram/rpc';

import { answerStatuses } from '../emoji-statuses.ts';

export const getChannelDefaultEmojiStatuses = defineMethod({
  method: 'account.getChannelDefaultEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => Promise.resolve(answerStatuses(ctx.domain.stickerSets.listIconIds('statuses'), hash)),
});
