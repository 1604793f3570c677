import { defineMethod } from '@aerogram/rpc';

/** Says that a device shows a wallpaper now. It comes to the beginning of the list, from which other devices choose. */
export const installWallPaper = defineMethod({
  method: 'account.installWallPaper',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler({ domain, userId }, { wallpaper, settings }) {
    await domain.wallpapers.doSave(userId, wallpaper, settings);
    return true;
  },
});
