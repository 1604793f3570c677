import { defineMethod } from '@aerogram/rpc';

import { answerStatuses } from '../emoji-statuses.ts';

export const getDefaultEmojiStatuses = defineMethod({
  method: 'account.getDefaultEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { hash }) => Promise.resolve(answerStatuses(ctx.domain.stickerSets.listIconIds('statuses'), hash)),
});
