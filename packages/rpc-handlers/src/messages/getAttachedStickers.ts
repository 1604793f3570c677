import { defineMethod } from '@aerogram/rpc';

/** The sets of the stickers that somebody has put on a photo or file. Those that were deleted are left out. */
export const getAttachedStickers = defineMethod({
  method: 'messages.getAttachedStickers',
  access: 'user',
  cost: 5,
  repeat: 'read',
  async handler({ domain: { files, stickerSets }, userId }, { media }) {
    const ids = await files.findAttachedSets(userId, media);
    const heads = await stickerSets.findHeads(ids);
    return stickerSets.projectCovered(userId, ids.flatMap((id) => heads.get(id) ?? []));
  },
});
