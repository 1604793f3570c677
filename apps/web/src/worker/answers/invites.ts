import type { tl } from '@mtcute/core';
import { type InviteLink, type InviteQuestions, type PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { linkOf, readInvite } from '../models/invite.ts';
import { userPeer } from '../models/ids.ts';
import { Refused } from '../refusal.ts';
import { InvitesView } from '../views/invites-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** People who are loaded at once. */
const PAGE = 50;

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
    'invites.deleteRevoked': ({ peer }) => changed(account, peer, async () => await account.call({ _: 'messages.deleteRevokedExportedChatInvites', peer: await account.inputPeer(peer), adminId: { _: 'inputUserSelf' } })),
    'invites.joined': async ({ peer, hash, offset }, page) => {
      const [date = 0, user = 0] = (offset ?? '').split('_').map(Number);
      const offsetUser: tl.TypeInputUser = offset === undefined ? { _: 'inputUserEmpty' } : await account.inputUser(user);
      const { importers, count } = await account.call({ _: 'messages.getChatInviteImporters', ...(await named(peer, hash)), offsetDate: date, offsetUser, limit: PAGE });
      const people = importers.map((importer) => ({ peer: userPeer(importer.userId), date: importer.date }));
      page.introduce(people.map((one) => one.peer));
      const last = people.at(-1);
      return { people, next: last && people.length === PAGE && count > PAGE ? `${last.date}_${last.peer}` : undefined };
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
