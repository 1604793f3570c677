import { defineMethod } from '@aerogram/rpc';

import { setsChange } from './set-change.ts';

/** Puts a set at the beginning of the caller's list, or into the archive; sets that have no room any more are archived, and named in the answer. */
export const installStickerSet = defineMethod({
  method: 'messages.installStickerSet',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { stickerset, archived }) {
    const { stickerSets } = ctx.domain;
    const crowdedOut = await stickerSets.installed.doInstall(setsChange(ctx), await stickerSets.accessInstallable(ctx.userId, stickerset), archived);
    if (crowdedOut.length === 0) return { _: 'messages.stickerSetInstallResultSuccess' };
    return { _: 'messages.stickerSetInstallResultArchive', sets: await stickerSets.projectCovered(ctx.userId, crowdedOut) };
  },
});
