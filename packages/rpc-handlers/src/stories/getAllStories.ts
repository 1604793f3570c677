import { defineMethod } from '@aerogram/rpc';

export const getAllStories = defineMethod({
  method: 'stories.getAllStories',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stories',
  handler: () =>
    Promise.resolve({
      _: 'stories.allStories',
      count: 0,
      // TDLib logs an error for an empty state.
      state: '0',
      peer_stories: [],
      chats: [],
      users: [],
      stealth_mode: { _: 'storiesStealthMode' },
    }),
});
