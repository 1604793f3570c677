import type { tl } from '@mtcute/core';
import type { GroupQuestions, Joined, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { changeSetting } from '../change-setting.ts';
import { listEntrants } from '../list-entrants.ts';
import { listSimilar } from '../list-similar.ts';
import { isChannel } from '../models/ids.ts';
import { FOREVER } from '../models/member-rights.ts';
import { readChat } from '../models/peer.ts';
import { isRefusal, Refused } from '../refusal.ts';
import { uploadPicture } from '../send/upload-picture.ts';
import { MembersView } from '../views/members-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';
import { deleteHistory } from './chats.ts';

/** Groups and channels, without links. */
export function answerGroups({ account }: AnswerDeps): AnswersTo<Omit<GroupQuestions, 'links.open' | 'links.join' | 'links.joinFolder' | 'groups.listForDiscussion' | 'groups.setDiscussion' | 'groups.listSendAs' | 'groups.setSendAs'>> {
  return {
    'groups.create': ({ title, users }) => createGroup(account, { title, users }),
    'groups.createChannel': async ({ title, about }) => createdPeer(await account.change({ _: 'channels.createChannel', title, about, broadcast: true })),
    'groups.setUsername': async ({ peer, username }) => {
      try {
        await account.call({ _: 'channels.updateUsername', channel: await account.inputChannel(peer), username });
      } catch (error) {
        if (!isRefusal(error, 'USERNAME_NOT_MODIFIED')) throw error;
      }
      await refreshPeer(account, peer);
      account.store.noteDetails(peer);
    },
    'groups.checkUsername': async ({ username, peer }) => {
      const channel: tl.TypeInputChannel = peer !== undefined && isChannel(peer) ? await account.inputChannel(peer) : { _: 'inputChannelEmpty' };
      return await account.call({ _: 'channels.checkUsername', channel, username });
    },
    'groups.listPublic': async (_say, page) => {
      const { chats } = await account.call({ _: 'channels.getAdminedPublicChannels' });
      const peers = chats.flatMap((chat) => readChat(chat, undefined)?.id ?? []);
      page.introduce(peers);
      return peers;
    },
    'groups.edit': async ({ peer, title, about }) => {
      const known = account.store.peers.get(peer);
      if (known?.name !== title) {
        if (isChannel(peer)) await account.change({ _: 'channels.editTitle', channel: await account.inputChannel(peer), title });
        else await account.change({ _: 'messages.editChatTitle', chatId: -peer, title });
      }
      await changeSetting(account, peer, { _: 'messages.editChatAbout', peer: await account.inputPeer(peer), about });
    },
    'groups.setPhoto': ({ peer, photo }) => setPhoto(account, peer, photo),
    'groups.addMembers': async ({ peer, users }) => ({ missing: await addMembers(account, peer, users) }),
    'groups.removeMember': async ({ peer, user }) => {
      if (isChannel(peer)) {
        const channel = await account.inputChannel(peer);
        const participant = await account.inputPeer(user);
        await account.change({ _: 'channels.editBanned', channel, participant, bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: FOREVER } });
      } else await account.change({ _: 'messages.deleteChatUser', chatId: -peer, userId: await account.inputUser(user) });
      account.store.noteDetails(peer);
    },
    'groups.join': async ({ peer }) => {
      const channel = await account.inputChannel(peer);
      return await joined(async () => {
        await account.change({ _: 'channels.joinChannel', channel });
        // Until now no update told what others wrote in the group, and threads of it may be open.
        account.store.voidRanges(peer);
        account.refresh.refreshChats([peer]);
        return peer;
      });
    },
    'groups.leave': async ({ peer }) => {
      if (isChannel(peer)) await account.change({ _: 'channels.leaveChannel', channel: await account.inputChannel(peer) });
      else {
        if (account.store.peers.get(peer)?.isMember) await account.change({ _: 'messages.deleteChatUser', chatId: -peer, userId: { _: 'inputUserSelf' } });
        await deleteHistory(account, peer, { justClear: false, forBoth: false });
      }
      account.store.removeChat(peer);
    },
    'groups.delete': async ({ peer }) => {
      if (isChannel(peer)) await account.change({ _: 'channels.deleteChannel', channel: await account.inputChannel(peer) });
      else await account.call({ _: 'messages.deleteChat', chatId: -peer });
      account.store.removeChat(peer);
    },
    'groups.inviteLink': async ({ peer }) => {
      const invite = (await findPermanentInvite(account, peer)) ?? (await account.call({ _: 'messages.exportChatInvite', peer: await account.inputPeer(peer), legacyRevokePermanent: true }));
      if (invite._ !== 'chatInviteExported') throw new Refused({ code: 'CHAT_ADMIN_REQUIRED' });
      account.store.noteDetails(peer);
      return invite.link;
    },
    'groups.requests': async ({ peer, offset }, page) => {
      const found = await listEntrants(account, peer, { requested: true }, offset);
      page.introduce(found.people.map((one) => one.peer));
      return found;
    },
    'groups.decide': async ({ peer, user, isApproved }) => {
      await account.change({ _: 'messages.hideChatJoinRequest', peer: await account.inputPeer(peer), userId: await account.inputUser(user), approved: isApproved });
      account.store.noteDetails(peer);
    },
    'groups.listSimilar': async ({ channel }, page) => {
      const peers = await listSimilar(account, channel);
      page.introduce(peers);
      return peers;
    },
    'members.more': async ({ view }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof MembersView) await opened.more();
    },
  };
}

/** A group nobody else is in yet is a supergroup, because the server makes no basic group of one person. */
async function createGroup(account: Account, { title, users }: { title: string; users: PeerId[] }): Promise<{ peer: PeerId; missing: PeerId[] }> {
  const answer = users.length === 0
    ? { updates: await account.change({ _: 'channels.createChannel', title, about: '', megagroup: true }), missingInvitees: [] }
    : await account.change({ _: 'messages.createChat', title, users: await Promise.all(users.map((user) => account.inputUser(user))) });
  return { peer: createdPeer(answer.updates), missing: answer.missingInvitees.map(({ userId }) => userId) };
}

/** The account's own permanent link, which another device may have made meanwhile: to make one would revoke it. */
async function findPermanentInvite(account: Account, peer: PeerId): Promise<tl.TypeExportedChatInvite | undefined> {
  const { fullChat } = isChannel(peer)
    ? await account.call({ _: 'channels.getFullChannel', channel: await account.inputChannel(peer) })
    : await account.call({ _: 'messages.getFullChat', chatId: -peer });
  return fullChat.exportedInvite;
}

function createdPeer(updates: tl.TypeUpdates): PeerId {
  const [chat] = 'chats' in updates ? updates.chats : [];
  const peer = chat && readChat(chat, undefined)?.id;
  if (peer === undefined) throw new Refused({ code: 'INTERNAL' });
  return peer;
}

async function refreshPeer(account: Account, peer: PeerId): Promise<void> {
  await account.call({ _: 'channels.getChannels', id: [await account.inputChannel(peer)] });
}

async function setPhoto(account: Account, peer: PeerId, picture: Blob | undefined): Promise<void> {
  const photo: tl.TypeInputChatPhoto = picture ? { _: 'inputChatUploadedPhoto', file: await uploadPicture(account, picture) } : { _: 'inputChatPhotoEmpty' };
  if (isChannel(peer)) await account.change({ _: 'channels.editPhoto', channel: await account.inputChannel(peer), photo });
  else await account.change({ _: 'messages.editChatPhoto', chatId: -peer, photo });
}

/** @returns those who could not be added */
async function addMembers(account: Account, peer: PeerId, users: PeerId[]): Promise<PeerId[]> {
  const inputs = await Promise.all(users.map((user) => account.inputUser(user)));
  const answers = isChannel(peer)
    ? [await account.change({ _: 'channels.inviteToChannel', channel: await account.inputChannel(peer), users: inputs })]
    : await Promise.all(inputs.map((userId) => account.change({ _: 'messages.addChatUser', chatId: -peer, userId, fwdLimit: 100 })));
  account.store.noteDetails(peer);
  return answers.flatMap(({ missingInvitees }) => missingInvitees.map(({ userId }) => userId));
}

/** Joins, or says that admins have to decide. */
export async function joined(join: () => Promise<PeerId>): Promise<Joined> {
  try {
    const peer = await join();
    return { outcome: 'joined', peer };
  } catch (error) {
    if (isRefusal(error, 'INVITE_REQUEST_SENT')) return { outcome: 'asked' };
    throw error;
  }
}
