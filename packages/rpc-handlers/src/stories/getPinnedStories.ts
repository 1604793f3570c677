import { defineMethod } from '@aerogram/rpc';

export const getPinnedStories = defineMethod({
  method: 'stories.getPinnedStories',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  empty: 'stories',
  handler: () => Promise.resolve({ _: 'stories.stories', count: 0, stories: [], chats: [], users: [] }),
});
