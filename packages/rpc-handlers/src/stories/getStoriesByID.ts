import { defineMethod } from '@aerogram/rpc';

export const getStoriesByID = defineMethod({
  method: 'stories.getStoriesByID',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  empty: 'stories',
  handler: () => Promise.resolve({ _: 'stories.stories', count: 0, stories: [], chats: [], users: [] }),
});
