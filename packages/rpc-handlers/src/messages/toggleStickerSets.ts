import { defineMethod } from '@aerogram/rpc';

import { accessListed, setsChange } from './set-change.ts';

/** Removes sets of the caller, archives them, or takes them out of the archive. */
export const toggleStickerSets = defineMethod({
  method: 'messages.toggleStickerSets',
  access: 'user',
  cost: 5,
  limits: { vectors: { stickersets: 200 } },
  repeat: 'idempotent',
  async handler(ctx, { uninstall, archive, unarchive, stickersets }) {
    const sets = stickersets.map((input) => accessListed(ctx, input));
    const action = uninstall === true ? 'uninstall' : archive === true ? 'archive' : unarchive === true ? 'unarchive' : undefined;
    if (action !== undefined) await ctx.domain.stickerSets.installed.doAct(setsChange(ctx), sets, action);
    return true;
  },
});
