import { defineMethod } from '@aerogram/rpc';

/** The sets that belong to the service are there without any stickers; no others are. */
export const getStickerSet = defineMethod({
  method: 'messages.getStickerSet',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: (ctx, { stickerset }) => Promise.resolve(ctx.domain.files.projectStickerSet(ctx.userId, stickerset)),
});
