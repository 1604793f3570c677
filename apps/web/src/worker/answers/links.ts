import type { tl } from '@mtcute/core';
import { GENERAL_TOPIC, type GroupQuestions, type Invitation, type LinkTarget, type PeerId, topicOf } from '../../protocol/index.ts';
import { channelPeer } from '../models/ids.ts';
import { readPhoto } from '../models/attached.ts';
import { readChat } from '../models/peer.ts';
import { isRefusal, Refused } from '../refusal.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';
import { checkFolderLink, joinFolder } from './folder-links.ts';
import { joined } from './groups.ts';

const INVITE = /^(?:\+|joinchat\/)([\w-]{1,64})$/;
const FOLDER = /^addlist\/([\w-]{1,64})$/;
/** The path of a set of stickers or custom emoji. */
const SET = /^add(?:stickers|emoji)\/(\w{1,64})$/;

const NAME = /^([a-z]\w{2,31})(?:\/(\d{1,9}))?(?:\/(\d{1,9}))?$/i;
/** A group or channel without a public name, by the id that it has without its mark. */
const PRIVATE = /^c\/(\d{1,13})\/(\d{1,9})(?:\/(\d{1,9}))?$/;
/** Requests to join that are remembered. */
const ASKED_MAX = 100;

/** Links of this server. */
export function answerLinks({ account, files, history, search }: AnswerDeps): AnswersTo<Pick<GroupQuestions, 'links.open' | 'links.join' | 'links.joinFolder'>> {
  const readInvitation = (hash: string, invite: tl.RawChatInvite): Invitation => {
    account.takePeers({ users: invite.participants });
    const read = readPhoto(invite.photo);
    if (read) files.shown.note(read.locations);
    return {
      hash,
      title: invite.title,
      about: invite.about,
      isChannel: invite.broadcast === true,
      colour: invite.color,
      members: invite.participantsCount,
      known: invite.participants?.map(({ id }) => id) ?? [],
      photo: read?.photo,
      asksToJoin: invite.requestNeeded === true,
      hasAsked: account.store.facts.asked.includes(hash),
    };
  };
  /** What a link names in a chat: a message, or a topic and a message of it. A topic alone is named like the message with which it begins. */
  const findPlace = async (peer: PeerId, [first, second]: (string | undefined)[]): Promise<LinkTarget> => {
    const message = second ?? first;
    if (message === undefined) return { kind: 'chat', peer };
    const id = Number(message);
    if (account.store.peers.get(peer)?.isForum !== true) return { kind: 'chat', peer, message: id };
    if (second === undefined && id === GENERAL_TOPIC) return { kind: 'chat', peer, topic: id };
    const [row] = await history.get(peer, [id]).catch(() => []);
    const topic = row ? topicOf(row) : Number(first);
    return { kind: 'chat', peer, topic, message: topic === id ? undefined : id };
  };
  return {
    'links.open': async ({ path }, page) => {
      const hash = INVITE.exec(path)?.[1];
      if (hash !== undefined) {
        const invite = await account.call({ _: 'messages.checkChatInvite', hash });
        if (invite._ === 'chatInvite') {
          const invitation = readInvitation(hash, invite);
          page.introduce(invitation.known);
          return { kind: 'invitation', invitation };
        }
        account.takePeers({ chats: [invite.chat] });
        const peer = readChat(invite.chat, undefined)?.id;
        if (peer === undefined) return { kind: 'notShown' };
        page.introduce([peer]);
        return { kind: 'chat', peer };
      }
      const slug = FOLDER.exec(path)?.[1];
      if (slug !== undefined) {
        const folder = await checkFolderLink(account, slug);
        page.introduce([...folder.missing, ...folder.already]);
        return { kind: 'folder', folder };
      }
      const set = SET.exec(path)?.[1];
      if (set !== undefined) return { kind: 'stickers', name: set };
      const [, id, ...privatePlace] = PRIVATE.exec(path) ?? [];
      if (id !== undefined) {
        const peer = channelPeer(Number(id));
        await account.inputChannel(peer);
        page.introduce([peer]);
        return await findPlace(peer, privatePlace);
      }
      const [, username, ...place] = NAME.exec(path) ?? [];
      if (username === undefined) return { kind: 'notShown' };
      const peer = await search.resolve(username);
      if (peer === undefined) throw new Refused({ code: 'USERNAME_NOT_OCCUPIED' });
      page.introduce([peer]);
      return await findPlace(peer, place);
    },
    'links.joinFolder': ({ slug, peers }) => joinFolder(account, slug, peers),
    'links.join': async ({ hash }) => {
      const outcome = await joined(async () => {
        try {
          await account.change({ _: 'messages.importChatInvite', hash });
        } catch (error) {
          if (!isRefusal(error, 'USER_ALREADY_PARTICIPANT')) throw error;
        }
        const invite = await account.call({ _: 'messages.checkChatInvite', hash });
        const peer = invite._ === 'chatInvite' ? undefined : readChat(invite.chat, undefined)?.id;
        if (peer === undefined) throw new Refused({ code: 'INVITE_HASH_EXPIRED' });
        account.takePeers(invite._ === 'chatInvite' ? {} : { chats: [invite.chat] });
        account.refresh.refreshChats([peer]);
        return peer;
      });
      if (outcome.outcome === 'asked') account.store.setFact('asked', [hash, ...account.store.facts.asked.filter((each) => each !== hash)].slice(0, ASKED_MAX));
      return outcome;
    },
  };
}
