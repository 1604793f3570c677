import { checkedInviteHash, type InvitePreview, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { INVITE_QUOTAS } from '../quotas.ts';

/** Shows what an invite link leads to. */
export const checkChatInvite = defineMethod({
  method: 'messages.checkChatInvite',
  access: 'user',
  cost: 3,
  limits: { strings: { hash: { max: 256, error: 'INVITE_HASH_INVALID' } } },
  quotas: INVITE_QUOTAS,
  repeat: 'read',
  async handler(ctx, { hash }) {
    const { invites, chats, profilePhotos, projectPeers } = ctx.domain;
    const checked = checkedInviteHash(hash);
    const sight = await invites.check(ctx.userId, checked);
    if (sight.kind === 'preview') {
      const { photoId } = sight.preview;
      const photo = photoId === null ? undefined : await profilePhotos.findInPreview(checked, photoId);
      return projectPreview(sight.preview, photo, (await projectPeers(ctx.userId, new PeerSet(sight.knownIds))).users);
    }
    const [chat] = await chats.projectChats(ctx.userId, [sight.peerId]);
    return sight.kind === 'already' ? { _: 'chatInviteAlready', chat: chat! } : { _: 'chatInvitePeek', chat: chat!, expires: sight.untilDate };
  },
});

function projectPreview({ peerId, kind, isPublic, title, about, members, requestNeeded, color, marks }: InvitePreview, photo: tl.photo | undefined, participants: tl.User[]): tl.chatInvite {
  return {
    _: 'chatInvite',
    channel: kind !== 'chat' || undefined,
    broadcast: kind === 'broadcast' || undefined,
    megagroup: kind === 'megagroup' || kind === 'gigagroup' || undefined,
    public: isPublic || undefined,
    request_needed: requestNeeded || undefined,
    verified: marks?.verified || undefined,
    scam: marks?.scam || undefined,
    fake: marks?.fake || undefined,
    title,
    about: about === '' ? undefined : about,
    photo: photo ?? { _: 'photoEmpty', id: 0n },
    participants_count: members,
    participants: participants.length === 0 ? undefined : participants,
    color: color ?? Number(-peerId % 7n),
  };
}
