import { defineMethod } from '@aerogram/rpc';

/** The sticker sets that ship with the server, with all their stickers. */
export const getStickerSet = defineMethod({
  method: 'messages.getStickerSet',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  handler(ctx, { stickerset, hash }) {
    const { bundled } = ctx.domain.files;
    const set = bundled.sets.access(ctx.userId, stickerset);
    return Promise.resolve(hash !== 0 && hash === set.hash ? { _: 'messages.stickerSetNotModified' } : bundled.projectStickerSet(set));
  },
});
