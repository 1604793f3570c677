import { defineMethod } from '@aerogram/rpc';

/** Links that brought the user to the app; they are not recorded, because no site of this server leads to one. */
export const getRecentMeUrls = defineMethod({
  method: 'help.getRecentMeUrls',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'help.recentMeUrls', urls: [], chats: [], users: [] }),
});
