import { defineMethod } from '@aerogram/rpc';

/** The sticker sets that ship with the server, with all their stickers. */
export const getStickerSet = defineMethod({
  method: 'messages.getStickerSet',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler(ctx, { stickerset, hash }) {
    const set = ctx.domain.files.bundled.sets.access(ctx.userId, stickerset);
    return hash !== 0 && hash === set.hash ? { _: 'messages.stickerSetNotModified' } : ctx.domain.stickerSets.projectWhole(ctx.userId, set);
  },
});
