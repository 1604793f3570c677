import { defineMethod } from '@aerogram/rpc';

export const saveWallPaper = defineMethod({
  method: 'account.saveWallPaper',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler({ domain, userId }, { wallpaper, unsave, settings }) {
    await (unsave ? domain.wallpapers.doRemove(userId, wallpaper) : domain.wallpapers.doSave(userId, wallpaper, settings));
    return true;
  },
});
