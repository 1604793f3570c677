import { defineMethod } from '@aerogram/rpc';

export const getStoriesArchive = defineMethod({
  method: 'stories.getStoriesArchive',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stories',
  handler: () => Promise.resolve({ _: 'stories.stories', count: 0, stories: [], chats: [], users: [] }),
});
