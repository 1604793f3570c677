import { defineMethod } from '@aerogram/rpc';

import { setStickersOf } from './set-stickers.ts';

/** Sets the sticker set that the members of a supergroup are offered. */
export const setStickers = defineMethod({
  method: 'channels.setStickers',
  access: ['user', 'bot'],
  cost: 5,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel, stickerset }) {
    await setStickersOf(ctx, channel, { kind: 'stickers', input: stickerset });
    return true;
  },
});
