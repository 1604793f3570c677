import { defineMethod } from '@aerogram/rpc';

export const getQuickReplies = defineMethod({
  method: 'messages.getQuickReplies',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'quick replies',
  handler: () =>
    Promise.resolve({ _: 'messages.quickReplies', quick_replies: [], messages: [], chats: [], users: [] }),
});
