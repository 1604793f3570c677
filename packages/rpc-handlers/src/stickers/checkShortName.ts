import { defineMethod } from '@aerogram/rpc';

export const checkShortName = defineMethod({
  method: 'stickers.checkShortName',
  access: 'user',
  cost: 2,
  limits: { strings: { short_name: { max: 1024, error: 'SHORT_NAME_INVALID' } } },
  repeat: 'read',
  async handler(ctx, { short_name: name }) {
    await ctx.domain.stickerSets.changes.checkName(ctx.userId, name);
    return true;
  },
});
