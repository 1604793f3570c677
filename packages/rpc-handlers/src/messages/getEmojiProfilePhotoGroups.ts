import { defineMethod } from '@aerogram/rpc';

export const getEmojiProfilePhotoGroups = defineMethod({
  method: 'messages.getEmojiProfilePhotoGroups',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'emoji search',
  handler: () => Promise.resolve({ _: 'messages.emojiGroups', hash: 0, groups: [] }),
});
