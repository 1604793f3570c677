import { defineMethod } from '@aerogram/rpc';

/** Deletes a set. Messages that show its stickers keep them. A repeated call finds it gone. */
export const deleteStickerSet = defineMethod({
  method: 'stickers.deleteStickerSet',
  access: ['user', 'bot'],
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { stickerset }) {
    await ctx.domain.stickerSets.changes.doDelete(ctx.userId, stickerset);
    return true;
  },
});
