import type { tl } from '@mtcute/core';
import { type InviteLink, type InviteQuestions, type PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { listEntrants } from '../list-entrants.ts';
import { linkOf, readInvite } from '../models/invite.ts';
import { userPeer } from '../models/ids.ts';
import { Refused } from '../refusal.ts';
import { InvitesView } from '../views/invites-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Invite links of groups and channels. No update tells of them, so the open lists are loaded anew after each change. */
export function answerInvites({ account }: AnswerDeps): AnswersTo<InviteQuestions> {
  const named = async (peer: PeerId, hash: string): Promise<{ peer: tl.TypeInputPeer; link: string }> => ({ peer: await account.inputPeer(peer), link: linkOf(hash) });
  return {
    'invites.more': async ({ view }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof InvitesView) await opened.more();
    },
    'invites.get': async ({ peer, hash }) => checked((await account.call({ _: 'messages.getExportedChatInvite', ...(await named(peer, hash)) })).invite),
    'invites.save': async ({ peer, hash, terms: { name, ends, max, needsApproval } }) => {
      const terms = { title: name, expireDate: ends, usageLimit: needsApproval ? 0 : max, requestNeeded: needsApproval };
      const invite = hash === undefined ? await account.call({ _: 'messages.exportChatInvite', peer: await account.inputPeer(peer), ...terms }) : (await account.call({ _: 'messages.editExportedChatInvite', ...(await named(peer, hash)), ...terms })).invite;
      account.store.noteDetails(peer);
      return checked(invite);
    },
    'invites.revoke': (say) => changed(account, say.peer, async () => await account.call({ _: 'messages.editExportedChatInvite', ...(await named(say.peer, say.hash)), revoked: true })),
    'invites.delete': (say) => changed(account, say.peer, async () => await account.call({ _: 'messages.deleteExportedChatInvite', ...(await named(say.peer, say.hash)) })),
    'invites.deleteRevoked': ({ peer, admin = account.me }) =>
      changed(account, peer, async () => await account.call({ _: 'messages.deleteRevokedExportedChatInvites', peer: await account.inputPeer(peer), adminId: await account.inputUser(admin) })),
    'invites.joined': async ({ peer, hash, offset }, page) => {
      const found = await listEntrants(account, peer, { link: linkOf(hash) }, offset);
      page.introduce(found.people.map((one) => one.peer));
      return found;
    },
    'invites.admins': async ({ peer }, page) => {
      const { admins } = await account.call({ _: 'messages.getAdminsWithInvites', peer: await account.inputPeer(peer) });
      const others = admins.map(({ adminId, invitesCount, revokedInvitesCount }) => ({ admin: userPeer(adminId), count: invitesCount, all: invitesCount + revokedInvitesCount })).filter(({ admin, all }) => admin !== account.me && all > 0);
      page.introduce(others.map(({ admin }) => admin));
      return others.map(({ admin, count }) => ({ admin, count }));
    },
  };
}

async function changed(account: Account, peer: PeerId, call: () => Promise<unknown>): Promise<void> {
  await call();
  account.store.noteDetails(peer);
}

function checked(invite: tl.TypeExportedChatInvite): InviteLink {
  const read = readInvite(invite);
  if (!read) throw new Refused({ code: 'INVITE_HASH_EXPIRED' });
  return read;
}
