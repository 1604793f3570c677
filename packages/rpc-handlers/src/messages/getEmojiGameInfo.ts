import { defineMethod } from '@aerogram/rpc';

/** Dice are thrown for fun only: nobody can bet on them. */
export const getEmojiGameInfo = defineMethod({
  method: 'messages.getEmojiGameInfo',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'messages.emojiGameUnavailable' }),
});
