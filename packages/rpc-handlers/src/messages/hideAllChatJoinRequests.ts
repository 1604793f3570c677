import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessAnyGroup } from '../group-call.ts';
import { actingOnInvites, answerEntry, optionalHash } from './invite-call.ts';
import { LINK_LIMIT } from './text-limits.ts';

/** Approves or declines all pending join requests. If there are many, the answer only contains what has been decided so far; a job decides on the others. */
export const hideAllChatJoinRequests = defineMethod({
  method: 'messages.hideAllChatJoinRequests',
  access: 'user',
  cost: 20,
  limits: { strings: { link: LINK_LIMIT } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, approved, link }) {
    const { peerId } = await accessAnyGroup(ctx, input);
    return answerEntry(ctx, await ctx.domain.invites.doDecideAll(actingOnInvites(ctx), peerId, { approved: approved === true, hash: optionalHash(link) }));
  },
});
