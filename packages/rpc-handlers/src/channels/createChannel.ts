import { newPostUpdate } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { randomIdOf } from '../group-call.ts';
import { originOf } from '../origin.ts';
import { stepChannel } from './channel-call.ts';

export const createChannel = defineMethod({
  method: 'channels.createChannel',
  access: 'user',
  cost: 10,
  limits: { strings: { title: 1024, about: 1024, address: 1024 } },
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, { title, about, broadcast, megagroup, for_import: forImport, forum, ttl_period: ttlPeriod = 0 }) {
    // Messages are imported into supergroups, and TDLib names nothing else when it creates a group that is to be a forum.
    const isGroup = megagroup === true || (forImport === true && broadcast !== true);
    if (forum === true && !isGroup) throw rpcError('CHANNEL_INVALID');
    const kind = isGroup ? 'megagroup' : 'broadcast';
    const randomId = randomIdOf(ctx.caller);
    const { first, updates } = await ctx.domain.channels.doCreate({ creatorId: ctx.userId, kind, forum, title, about, ttlPeriod, randomId, origin: originOf(ctx) });
    stepChannel(ctx, first);
    return ctx.domain.updates.projectAnswer(
      ctx.userId,
      [{ _: 'updateMessageID', id: first.msg_id, random_id: randomId }, ...updates, newPostUpdate(first, ctx.userId)],
      [first.owner_id],
    );
  },
});
