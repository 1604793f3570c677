import { defineMethod } from '@aerogram/rpc';

import { countryOf } from '../country-of.ts';

export const getNearestDc = defineMethod({
  method: 'help.getNearestDc',
  access: ['guest', 'user'],
  cost: 1,
  repeat: 'read',
  handler: ({ caller }) =>
    Promise.resolve({
      _: 'nearestDc',
      country: countryOf(caller.initConnection?.systemLangCode) ?? 'US',
      this_dc: caller.dcId,
      nearest_dc: caller.dcId,
    }),
});
