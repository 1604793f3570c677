import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS, PRIVATE_QUOTAS } from '../quotas.ts';
import { actOnContent } from './act-on-content.ts';

export const deletePollAnswer = defineMethod({
  method: 'messages.deletePollAnswer',
  access: ['user', 'bot'],
  cost: 1,
  quotas: [...NOTICE_QUOTAS, ...PRIVATE_QUOTAS, 'chatMessages'],
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { peer, msg_id: msgId, option }) => actOnContent(ctx, { peer, msgId }, { of: 'answers', change: { kind: 'delete', option } }),
});
