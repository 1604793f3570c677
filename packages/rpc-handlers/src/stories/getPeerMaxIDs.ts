import { defineMethod } from '@aerogram/rpc';

/** Returns one entry for each given peer, in order. */
export const getPeerMaxIDs = defineMethod({
  method: 'stories.getPeerMaxIDs',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'read',
  elsewhere: { id: 'works' },
  empty: 'stories',
  handler: (_ctx, { id }) => Promise.resolve(id.map(() => ({ _: 'recentStory' }))),
});
