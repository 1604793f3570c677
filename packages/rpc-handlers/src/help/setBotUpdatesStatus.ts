import { defineMethod } from '@aerogram/rpc';

/** The Bot API server reports how many updates wait for a bot. Nothing depends on the number, so it is not kept. */
export const setBotUpdatesStatus = defineMethod({
  method: 'help.setBotUpdatesStatus',
  access: 'bot',
  cost: 1,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
