import { defineMethod } from '@aerogram/rpc';

import { projectUpdates } from '../project-updates.ts';

/** Nobody can pay for reactions, so nobody has changed under which name they do. Clients wait for the update itself. */
export const getPaidReactionPrivacy = defineMethod({
  method: 'messages.getPaidReactionPrivacy',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: (ctx) => projectUpdates(ctx, [{ _: 'updatePaidReactionPrivacy', private: { _: 'paidReactionPrivacyDefault' } }], []),
});
