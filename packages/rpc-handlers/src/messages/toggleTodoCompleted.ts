import { TODO_ITEMS_MAX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS, PRIVATE_QUOTAS } from '../quotas.ts';
import { actOnContent } from './act-on-content.ts';

const TASKS = { max: TODO_ITEMS_MAX, error: 'TODO_ITEMS_TOO_MUCH' } as const;

export const toggleTodoCompleted = defineMethod({
  method: 'messages.toggleTodoCompleted',
  access: 'user',
  cost: 1,
  limits: { vectors: { completed: TASKS, incompleted: TASKS } },
  quotas: [...NOTICE_QUOTAS, ...PRIVATE_QUOTAS, 'chatMessages'],
  repeat: 'idempotent',
  presence: 'acting',
  handler: (ctx, { peer, msg_id: msgId, completed, incompleted }) => actOnContent(ctx, { peer, msgId }, { of: 'tasks', change: { kind: 'toggle', completed, incompleted } }),
});
