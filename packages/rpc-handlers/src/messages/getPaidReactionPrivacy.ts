import { defineMethod } from '@aerogram/rpc';

/** Nobody can pay for reactions, so nobody has changed under which name they do. Clients wait for the update itself. */
export const getPaidReactionPrivacy = defineMethod({
  method: 'messages.getPaidReactionPrivacy',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: (ctx) => ctx.domain.updates.projectAnswer(ctx.userId, [{ _: 'updatePaidReactionPrivacy', private: { _: 'paidReactionPrivacyDefault' } }]),
});
