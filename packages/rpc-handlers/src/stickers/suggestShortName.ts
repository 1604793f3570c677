import { defineMethod } from '@aerogram/rpc';

/** A free short name for a set with this title. */
export const suggestShortName = defineMethod({
  method: 'stickers.suggestShortName',
  access: 'user',
  cost: 5,
  limits: { strings: { title: { max: 1024, error: 'TITLE_INVALID' } } },
  repeat: 'read',
  handler: async (ctx, { title }) => ({ _: 'stickers.suggestedShortName', short_name: await ctx.domain.stickerSets.changes.suggestName(ctx.userId, title) }),
});
