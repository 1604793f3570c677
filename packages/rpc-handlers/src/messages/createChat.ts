import { defineMethod } from '@aerogram/rpc';

import { ADDING_QUOTAS } from '../quotas.ts';
import { answerInvitation, randomIdOf } from '../group-call.ts';
import { originOf } from '../origin.ts';

export const createChat = defineMethod({
  method: 'messages.createChat',
  access: 'user',
  cost: 10,
  itemCosts: { users: 0.1 },
  limits: { vectors: { users: { max: 500, error: 'USERS_TOO_MUCH' } }, strings: { title: 1024 } },
  quotas: ADDING_QUOTAS,
  repeat: 'random_id',
  elsewhere: { users: 'works' },
  presence: 'acting',
  async handler(ctx, { users: inputs, title, ttl_period: ttlPeriod = 0 }) {
    const { groups, peers } = ctx.domain;
    const users = await Promise.all(inputs.map((input) => peers.accessInputUser(ctx.userId, input)));
    return answerInvitation(ctx, await groups.doCreate({ creatorId: ctx.userId, title, users, ttlPeriod, randomId: randomIdOf(ctx.caller), origin: originOf(ctx) }));
  },
});
