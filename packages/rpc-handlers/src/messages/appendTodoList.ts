import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS, PRIVATE_QUOTAS } from '../quotas.ts';
import { actOnContent } from './act-on-content.ts';
import { prepareTasks, taskLimits } from './prepare-todo-media.ts';

export const appendTodoList = defineMethod({
  method: 'messages.appendTodoList',
  access: 'user',
  cost: 1,
  limits: taskLimits('list'),
  quotas: [...NOTICE_QUOTAS, ...PRIVATE_QUOTAS, 'chatMessages'],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, msg_id: msgId, list }) {
    return actOnContent(ctx, { peer, msgId }, { of: 'tasks', change: { kind: 'append', items: await prepareTasks(ctx, list) } });
  },
});
