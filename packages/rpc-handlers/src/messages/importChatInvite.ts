import { checkedInviteHash } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { INVITE_QUOTAS, NOTICE_QUOTAS } from '../quotas.ts';
import { actingOnInvites, answerEntry } from './invite-call.ts';

/** Joins a group or channel by an invite link. A repeat is told that the caller is a member, and takes no other place of the link. */
export const importChatInvite = defineMethod({
  method: 'messages.importChatInvite',
  access: 'user',
  cost: 5,
  limits: { strings: { hash: { max: 256, error: 'INVITE_HASH_INVALID' } } },
  quotas: [...INVITE_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { hash }) {
    const outcome = await ctx.domain.invites.doEnter(actingOnInvites(ctx), checkedInviteHash(hash));
    return { _: 'messages.chatInviteJoinResultOk', updates: await answerEntry(ctx, outcome) };
  },
});
