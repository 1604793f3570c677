import { defineMethod } from '@aerogram/rpc';

/**
 * Clients divide by the amount of the first period, so there is one, with the lowest possible price. It is offered to nobody: the app
 * config has `premium_purchase_blocked`.
 */
const PERIOD = { _: 'premiumSubscriptionOption', months: 1, currency: 'USD', amount: 1n, bot_url: '' } as const;

export const getPremiumPromo = defineMethod({
  method: 'help.getPremiumPromo',
  access: 'user',
  cost: 1,
  repeat: 'read',
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
