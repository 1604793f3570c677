import { defineMethod } from '@aerogram/rpc';

import { setsChange } from './set-change.ts';

/** Removes sets of the caller, archives them, or takes them out of the archive. */
export const toggleStickerSets = defineMethod({
  method: 'messages.toggleStickerSets',
  access: 'user',
  cost: 5,
  limits: { vectors: { stickersets: 200 } },
  repeat: 'idempotent',
  async handler(ctx, { uninstall, archive, unarchive, stickersets }) {
    const { stickerSets } = ctx.domain;
    const sets = [];
    for (const input of stickersets) sets.push(await stickerSets.accessInstallable(ctx.userId, input));
    const action = uninstall === true ? 'uninstall' : archive === true ? 'archive' : unarchive === true ? 'unarchive' : undefined;
    if (action !== undefined) await stickerSets.installed.doAct(setsChange(ctx), sets, action);
    return true;
  },
});
