import { defineMethod } from '@aerogram/rpc';

/** The sticker sets that clients expect exist, most of them without stickers; there are no others. */
export const getStickerSet = defineMethod({
  method: 'messages.getStickerSet',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler(ctx, { stickerset, hash }) {
    const found = ctx.domain.files.bundled.projectStickerSet(ctx.userId, stickerset);
    return Promise.resolve(hash !== 0 && hash === found.set.hash ? { _: 'messages.stickerSetNotModified' } : found);
  },
});
