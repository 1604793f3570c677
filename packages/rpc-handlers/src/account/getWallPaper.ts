import { defineMethod } from '@aerogram/rpc';

export const getWallPaper = defineMethod({
  method: 'account.getWallPaper',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler({ domain, userId }, { wallpaper }) {
    const [found] = await domain.wallpapers.find(userId, [wallpaper]);
    return found!;
  },
});
