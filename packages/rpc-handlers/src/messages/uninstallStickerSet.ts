import { defineMethod } from '@aerogram/rpc';

import { accessListed, setsChange } from './set-change.ts';

export const uninstallStickerSet = defineMethod({
  method: 'messages.uninstallStickerSet',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { stickerset }) {
    await ctx.domain.stickerSets.installed.doAct(setsChange(ctx), [accessListed(ctx, stickerset)], 'uninstall');
    return true;
  },
});
