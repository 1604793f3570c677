import { hashOfInviteLink } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessInvites, actingOnInvites, answerInvite } from './invite-call.ts';
import { INVITE_TITLE_LIMIT, LINK_LIMIT } from './text-limits.ts';

/** Changes the terms of an invite link, or revokes it. */
export const editExportedChatInvite = defineMethod({
  method: 'messages.editExportedChatInvite',
  access: ['user', 'bot'],
  cost: 3,
  limits: { strings: { title: INVITE_TITLE_LIMIT, link: LINK_LIMIT } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, revoked, link, expire_date, usage_limit, request_needed, title }) {
    const invites = await accessInvites(ctx, input);
    const hash = hashOfInviteLink(link);
    const acting = actingOnInvites(ctx);
    const terms = { title, expireDate: expire_date, usageLimit: usage_limit, requestNeeded: request_needed };
    const { invite, replacement } = revoked === true ? await invites.doRevoke(acting, hash) : await invites.doEdit(acting, hash, terms);
    return answerInvite(ctx, invite, replacement);
  },
});
