import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { changeSetting } from './channel-call.ts';

export const editTitle = defineMethod({
  method: 'channels.editTitle',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { title: 1024 } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { channel, title }) => changeSetting(ctx, channel, (settings, acting) => settings.doEditTitle(acting, title)),
});
