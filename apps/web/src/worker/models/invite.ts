import type { tl } from '@mtcute/core';
import { inviteHash, type InviteLink } from '../../protocol/index.ts';
import { userPeer } from './ids.ts';

/** Reads an invite link. Pure. @returns undefined for what is none */
export function readInvite(invite: tl.TypeExportedChatInvite): InviteLink | undefined {
  if (invite._ !== 'chatInviteExported') return undefined;
  const { link, adminId, title = '', expireDate = 0, usageLimit = 0, usage = 0, requested = 0 } = invite;
  return {
    hash: inviteHash(link),
    link,
    by: userPeer(adminId),
    name: title,
    ends: expireDate,
    max: usageLimit,
    needsApproval: invite.requestNeeded === true,
    uses: usage,
    requests: requested,
    isPermanent: invite.permanent === true,
    isRevoked: invite.revoked === true,
  };
}

/** The link that a hash names. Pure. */
export const linkOf = (hash: string): string => `https://t.me/+${hash}`;
