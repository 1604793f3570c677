import { defineMethod } from '@aerogram/rpc';

import { setsChange } from './set-change.ts';

export const uninstallStickerSet = defineMethod({
  method: 'messages.uninstallStickerSet',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { stickerset }) {
    const { stickerSets } = ctx.domain;
    await stickerSets.installed.doAct(setsChange(ctx), [await stickerSets.accessInstallable(ctx.userId, stickerset)], 'uninstall');
    return true;
  },
});
