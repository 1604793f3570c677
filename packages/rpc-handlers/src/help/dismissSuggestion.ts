import { defineMethod } from '@aerogram/rpc';

/** Nothing is ever suggested, so nothing is left to dismiss. */
export const dismissSuggestion = defineMethod({
  method: 'help.dismissSuggestion',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
