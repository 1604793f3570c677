import { defineMethod } from '@aerogram/rpc';

/** The highest id of a message. */
const MAX_ID = 2 ** 31 - 1;

/** Returns the ranges of ids in which an export asks for messages: all of them together, because every range is read equally fast. */
export const getSplitRanges = defineMethod({
  method: 'messages.getSplitRanges',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async () => [{ _: 'messageRange', min_id: 1, max_id: MAX_ID }],
});
