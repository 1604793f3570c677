import { defineMethod } from '@aerogram/rpc';

import { setStickersOf } from './set-stickers.ts';

/** Sets the set of custom emoji that the members of a supergroup are offered. */
export const setEmojiStickers = defineMethod({
  method: 'channels.setEmojiStickers',
  access: ['user', 'bot'],
  cost: 5,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel, stickerset }) {
    await setStickersOf(ctx, channel, { kind: 'emoji', input: stickerset });
    return true;
  },
});
