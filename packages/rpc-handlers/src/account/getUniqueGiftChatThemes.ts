import { defineMethod } from '@aerogram/rpc';

export const getUniqueGiftChatThemes = defineMethod({
  method: 'account.getUniqueGiftChatThemes',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'gifts',
  handler: () => Promise.resolve({ _: 'account.chatThemes', hash: 0n, themes: [], chats: [], users: [] }),
});
