import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const getAttachMenuBots = defineMethod({
  method: 'messages.getAttachMenuBots',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'bots',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'attachMenuBots', hash: EMPTY_HASH, bots: [], users: [] }, { _: 'attachMenuBotsNotModified' })),
});
