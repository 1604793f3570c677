import { defineMethod } from '@aerogram/rpc';

/**
 * Clients take the first period and divide by its amount, so there is one, at the smallest price that can be said.
 * Nobody is offered it: the app config has `premium_purchase_blocked`.
 */
const PERIOD = { _: 'premiumSubscriptionOption', months: 1, currency: 'USD', amount: 1n, bot_url: '' } as const;

export const getPremiumPromo = defineMethod({
  method: 'help.getPremiumPromo',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'premium',
  handler: () =>
    Promise.resolve({
      _: 'help.premiumPromo',
      status_text: '',
      status_entities: [],
      video_sections: [],
      videos: [],
      period_options: [PERIOD],
      users: [],
    }),
});
