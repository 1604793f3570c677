import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** There are no sticker sets, so each reference to one is invalid. */
export const getStickerSet = defineMethod({
  method: 'messages.getStickerSet',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.reject(rpcError('STICKERSET_INVALID')),
});
