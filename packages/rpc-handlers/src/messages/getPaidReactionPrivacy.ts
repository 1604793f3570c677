import { defineMethod } from '@aerogram/rpc';

/** There are no paid reactions, so the privacy setting is always the default. Clients expect the update itself as the answer. */
export const getPaidReactionPrivacy = defineMethod({
  method: 'messages.getPaidReactionPrivacy',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: (ctx) => ctx.domain.updates.projectAnswer(ctx.userId, [{ _: 'updatePaidReactionPrivacy', private: { _: 'paidReactionPrivacyDefault' } }]),
});
