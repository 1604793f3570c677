import { defineMethod } from '@aerogram/rpc';

import { projectSearchFlood } from './project-search-flood.ts';

export const checkSearchPostsFlood = defineMethod({
  method: 'channels.checkSearchPostsFlood',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'channels',
  handler: () => Promise.resolve(projectSearchFlood()),
});
