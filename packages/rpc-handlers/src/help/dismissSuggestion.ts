import { defineMethod } from '@aerogram/rpc';

/** The server makes no suggestions, so there is nothing to dismiss. */
export const dismissSuggestion = defineMethod({
  method: 'help.dismissSuggestion',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
