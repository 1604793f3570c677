import { defineMethod } from '@aerogram/rpc';

import { accessPrivacyKey } from './access-privacy-rules.ts';
import { projectPrivacy } from './project-privacy.ts';

export const getPrivacy = defineMethod({
  method: 'account.getPrivacy',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { key }) => projectPrivacy(ctx, accessPrivacyKey(key)),
});
