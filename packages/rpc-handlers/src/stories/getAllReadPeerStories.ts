import { defineMethod } from '@aerogram/rpc';

export const getAllReadPeerStories = defineMethod({
  method: 'stories.getAllReadPeerStories',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stories',
  handler: (ctx) => ctx.domain.updates.projectAnswer(ctx.userId, []),
});
