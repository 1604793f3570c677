import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS, PRIVATE_QUOTAS } from '../quotas.ts';
import { changeAnswers } from './change-answers.ts';

export const addPollAnswer = defineMethod({
  method: 'messages.addPollAnswer',
  access: ['user', 'bot'],
  cost: 1,
  quotas: [...NOTICE_QUOTAS, ...PRIVATE_QUOTAS, 'chatMessages'],
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { peer, msg_id: msgId, answer }) => changeAnswers(ctx, { peer, msgId }, { kind: 'add', answer }),
});
