import { defineMethod } from '@aerogram/rpc';

import { projectUpdates } from '../project-updates.ts';

export const getAllReadPeerStories = defineMethod({
  method: 'stories.getAllReadPeerStories',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stories',
  handler: (ctx) => projectUpdates(ctx, [], []),
});
