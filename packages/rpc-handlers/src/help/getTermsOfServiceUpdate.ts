import { defineMethod } from '@aerogram/rpc';

const ASK_AGAIN_S = 24 * 3600;

export const getTermsOfServiceUpdate = defineMethod({
  method: 'help.getTermsOfServiceUpdate',
  access: ['guest', 'user'],
  cost: 1,
  repeat: 'read',
  handler: ({ clock }) =>
    Promise.resolve({ _: 'help.termsOfServiceUpdateEmpty', expires: clock.now() + ASK_AGAIN_S }),
});
