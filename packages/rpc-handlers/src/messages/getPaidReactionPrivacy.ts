import { defineMethod } from '@aerogram/rpc';

import { projectUpdates } from '../project-updates.ts';

export const getPaidReactionPrivacy = defineMethod({
  method: 'messages.getPaidReactionPrivacy',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'reactions',
  handler: (ctx) => projectUpdates(ctx, [], []),
});
