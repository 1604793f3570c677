import { defineMethod } from '@aerogram/rpc';

/** The sticker sets that clients expect exist but are empty; there are no others. */
export const getStickerSet = defineMethod({
  method: 'messages.getStickerSet',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: (ctx, { stickerset }) => Promise.resolve(ctx.domain.files.projectStickerSet(ctx.userId, stickerset)),
});
