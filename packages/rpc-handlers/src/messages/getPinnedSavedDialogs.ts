import { defineMethod } from '@aerogram/rpc';

import { projectSavedDialogs } from './project-saved-dialogs.ts';

export const getPinnedSavedDialogs = defineMethod({
  method: 'messages.getPinnedSavedDialogs',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx) {
    return { _: 'messages.savedDialogs', ...(await projectSavedDialogs(ctx, await ctx.domain.saved.listPinned(ctx.userId))) };
  },
});
