import Long from 'long';
import type { PersonQuestions } from '../../protocol/index.ts';
import { peerIdOf } from '../models/ids.ts';
import { readChat } from '../models/peer.ts';
import { Refused } from '../refusal.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

const PAGE = 100;

/** Contacts, and people whom one does not want to hear of. */
export function answerPeople({ account }: AnswerDeps): AnswersTo<PersonQuestions> {
  return {
    'contacts.add': async ({ user, phone = '', firstName, lastName, sharesPhone }, page) => {
      if (user !== undefined) {
        await account.change({ _: 'contacts.addContact', id: await account.inputUser(user), firstName, lastName, phone, addPhonePrivacyException: sharesPhone });
        account.store.noteDetails(user);
        return user;
      }
      const digits = phone.replaceAll(/\D/g, '');
      const { imported } = await account.call({ _: 'contacts.importContacts', contacts: [{ _: 'inputPhoneContact', clientId: Long.ONE, phone: digits, firstName, lastName }] });
      const [found] = imported;
      if (!found) throw new Refused({ code: 'PHONE_NOT_OCCUPIED' });
      page.introduce([found.userId]);
      return found.userId;
    },
    'contacts.remove': async ({ user }) => {
      await account.change({ _: 'contacts.deleteContacts', id: [await account.inputUser(user)] });
      account.store.noteDetails(user);
    },
    'people.sharePhone': async ({ user }) => {
      await account.change({ _: 'contacts.acceptContact', id: await account.inputUser(user) });
      account.store.noteDetails(user);
    },
    'people.setBlocked': async ({ peer, isBlocked }) => {
      const id = await account.inputPeer(peer);
      await account.call(isBlocked ? { _: 'contacts.block', id } : { _: 'contacts.unblock', id });
      account.store.noteDetails(peer);
    },
    'people.blocked': async ({ offset }, page) => {
      const answer = await account.call({ _: 'contacts.getBlocked', offset, limit: PAGE });
      const peers = answer.blocked.map(({ peerId }) => peerIdOf(peerId));
      page.introduce(peers);
      return { peers, total: 'count' in answer ? answer.count : peers.length };
    },
    'people.reportSpam': async ({ peer }) => {
      await account.call({ _: 'messages.reportSpam', peer: await account.inputPeer(peer) });
      account.store.noteDetails(peer);
    },
    'people.hideBar': async ({ peer }) => {
      await account.call({ _: 'messages.hidePeerSettingsBar', peer: await account.inputPeer(peer) });
      account.store.noteDetails(peer);
    },
    'people.common': async ({ user }, page) => {
      const { chats } = await account.call({ _: 'messages.getCommonChats', userId: await account.inputUser(user), maxId: 0, limit: PAGE });
      const peers = chats.flatMap((chat) => readChat(chat, undefined)?.id ?? []);
      page.introduce(peers);
      return peers;
    },
  };
}
