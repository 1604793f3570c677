import { defineMethod } from '@aerogram/rpc';

export const getAllDrafts = defineMethod({
  method: 'messages.getAllDrafts',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx) {
    const { dialogs, updates } = ctx.domain;
    return updates.projectAnswer(ctx.userId, await dialogs.listDrafts(ctx.userId));
  },
});
