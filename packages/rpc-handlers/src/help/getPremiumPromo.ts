import { defineMethod } from '@aerogram/rpc';

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
      period_options: [],
      users: [],
    }),
});
