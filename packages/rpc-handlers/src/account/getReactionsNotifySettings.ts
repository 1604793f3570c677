import { defineMethod } from '@aerogram/rpc';

export const getReactionsNotifySettings = defineMethod({
  method: 'account.getReactionsNotifySettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'reactions',
  handler: () =>
    Promise.resolve({
      _: 'reactionsNotifySettings',
      messages_notify_from: { _: 'reactionNotificationsFromAll' },
      stories_notify_from: { _: 'reactionNotificationsFromAll' },
      sound: { _: 'notificationSoundDefault' },
      show_previews: true,
    }),
});
