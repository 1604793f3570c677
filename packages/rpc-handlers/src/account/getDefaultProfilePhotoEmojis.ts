import { defineMethod } from '@aerogram/rpc';

export const getDefaultProfilePhotoEmojis = defineMethod({
  method: 'account.getDefaultProfilePhotoEmojis',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'custom emoji',
  handler: () => Promise.resolve({ _: 'emojiList', hash: 0n, document_id: [] }),
});
