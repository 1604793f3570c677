import { projectInvite } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { randomIdOf } from '../group-call.ts';
import { accessInvites, actingOnInvites } from './invite-call.ts';
import { INVITE_TITLE_LIMIT } from './text-limits.ts';

/** Makes an invite link. With `legacy_revoke_permanent`, it replaces the caller's permanent one. */
export const exportChatInvite = defineMethod({
  method: 'messages.exportChatInvite',
  access: ['user', 'bot'],
  cost: 5,
  limits: { strings: { title: INVITE_TITLE_LIMIT } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, legacy_revoke_permanent, request_needed, expire_date, usage_limit, title }) {
    const invites = await accessInvites(ctx, input);
    const terms = { title, expireDate: expire_date, usageLimit: usage_limit, requestNeeded: request_needed };
    return projectInvite(await invites.doExport(actingOnInvites(ctx), { ...terms, permanent: legacy_revoke_permanent === true, exportId: randomIdOf(ctx.caller) }));
  },
});
