import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const getUniqueGiftChatThemes = defineMethod({
  method: 'account.getUniqueGiftChatThemes',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'account.chatThemes', hash: EMPTY_HASH, themes: [], chats: [], users: [] }, { _: 'account.chatThemesNotModified' })),
});
