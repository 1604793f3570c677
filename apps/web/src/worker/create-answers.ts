import type Long from 'long';
import { fileKey, type PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import type { Answers } from './answers.ts';
import type { FileLoader } from './files/file-loader.ts';
import type { ChatLoader } from './load-chats.ts';
import type { HistoryLoader } from './load-history.ts';
import type { LogIn } from './log-in.ts';
import { channelIdOf, isChannel } from './models/ids.ts';
import { publicMessage } from './models/message.ts';
import { writeEntities } from './models/text.ts';
import { Refused } from './refusal.ts';
import type { Search } from './search.ts';
import type { Outbox } from './send/outbox.ts';
import { peersOfMessage, MessageWindow } from './views/history-view.ts';
import { ChatListView } from './views/chats-view.ts';

export interface AnswerDeps {
  account: Account;
  chats: ChatLoader;
  history: HistoryLoader;
  outbox: Outbox;
  logIn: LogIn;
  files: FileLoader;
  search: Search;
}

/** Binds the questions of pages to what answers them. */
export function createAnswers({ account, history, outbox, logIn, files, search }: AnswerDeps): Answers {
  const later = (): never => {
    throw new Refused({ code: 'NOT_YET' });
  };
  const channel = async (peer: PeerId): Promise<{ _: 'inputChannel'; channelId: number; accessHash: Long }> => {
    const input = await account.inputPeer(peer);
    if (input._ !== 'inputPeerChannel') throw new Refused({ code: 'CHANNEL_INVALID' });
    return { _: 'inputChannel', channelId: channelIdOf(peer), accessHash: input.accessHash };
  };
  return {
    'logIn.sendCode': ({ phone }) => logIn.sendCode(phone),
    'logIn.resendCode': () => logIn.resendCode(),
    'logIn.enterCode': ({ code }) => logIn.enterCode(code),
    'logIn.setEmail': ({ email }) => logIn.setEmail(email),
    'logIn.resetEmail': () => logIn.resetEmail(),
    'logIn.signUp': ({ firstName, lastName }) => logIn.signUp(firstName, lastName),
    'logIn.enterPassword': ({ password }) => logIn.enterPassword(password),
    'logIn.startRecovery': () => logIn.startRecovery(),
    'logIn.recover': ({ code }) => logIn.recover(code),
    'logIn.startQr': later,
    'logIn.back': () => logIn.back(),
    'logIn.logOut': () => account.logOut(),

    'chats.more': async ({ view }, port) => {
      const opened = port.views.get(view);
      if (opened instanceof ChatListView) await opened.more();
    },
    'chats.setPinned': async ({ peer, isPinned }) => {
      await account.change({ _: 'messages.toggleDialogPin', peer: { _: 'inputDialogPeer', peer: await account.inputPeer(peer) }, pinned: isPinned });
    },
    'chats.setArchived': later,
    'chats.setMuted': later,
    'chats.setMarkedUnread': later,
    'chats.delete': later,
    'chats.leave': later,
    'chats.saveDraft': later,

    'history.older': async ({ view }, port) => {
      const opened = port.views.get(view);
      if (opened instanceof MessageWindow) await opened.older();
    },
    'history.newer': async ({ view }, port) => {
      const opened = port.views.get(view);
      if (opened instanceof MessageWindow) await opened.newer();
    },
    'history.jump': async ({ view, ...to }, port) => {
      const opened = port.views.get(view);
      if (opened instanceof MessageWindow) await opened.jump(to);
    },
    'history.read': async ({ peer, upTo }) => {
      const chat = account.store.chats.get(peer);
      if (chat && upTo <= chat.readInboxId && chat.unread === 0) return;
      if (isChannel(peer)) await account.change({ _: 'channels.readHistory', channel: await channel(peer), maxId: upTo });
      else {
        const { pts, ptsCount } = await account.call({ _: 'messages.readHistory', peer: await account.inputPeer(peer), maxId: upTo });
        account.stepBox(pts, ptsCount);
      }
      account.store.changeChat(peer, ({ readInboxId, topId, unread }) => ({ readInboxId: Math.max(readInboxId, upTo), unread: upTo >= topId ? 0 : unread }));
    },

    'messages.send': (message) => outbox.send(message),
    'messages.retry': ({ peer, key }) => outbox.retry(peer, key),
    'messages.discard': ({ peer, key }) => outbox.discard(peer, key),
    'messages.edit': async ({ peer, message, text, entities }) => {
      await account.change({ _: 'messages.editMessage', peer: await account.inputPeer(peer), id: message, message: text, entities: writeEntities(entities, () => undefined) });
    },
    'messages.delete': async ({ peer, messages, forBoth }) => {
      if (isChannel(peer)) {
        const { pts, ptsCount } = await account.call({ _: 'channels.deleteMessages', channel: await channel(peer), id: messages });
        account.stepChannel(channelIdOf(peer), pts, ptsCount);
      } else {
        const { pts, ptsCount } = await account.call({ _: 'messages.deleteMessages', id: messages, revoke: forBoth });
        account.stepBox(pts, ptsCount);
      }
      account.forgetMessages(peer, messages);
    },
    'messages.forward': later,
    'messages.pin': later,
    'messages.react': later,
    'messages.get': async ({ peer, messages }, port) => {
      const found = (await history.get(peer, messages)).map(publicMessage);
      port.introduce(found.flatMap((message) => [...peersOfMessage(message)]));
      return found;
    },
    'messages.setTyping': async ({ peer }) => {
      await account.call({ _: 'messages.setTyping', peer: await account.inputPeer(peer), action: { _: 'sendMessageTypingAction' } });
    },

    'peers.get': ({ peer }, port) => {
      const found = account.store.peers.get(peer);
      if (!found) throw new Refused({ code: 'PEER_ID_INVALID' });
      port.introduce([peer]);
      return found;
    },
    'peers.resolve': async ({ username }, port) => {
      const found = await search.resolve(username);
      if (found === undefined) throw new Refused({ code: 'USERNAME_NOT_OCCUPIED' });
      port.introduce([found]);
      return found;
    },
    'files.load': ({ file }, port) => files.load(file, (loaded, total) => port.tellProgress(fileKey(file), loaded, total)),
    'files.cancel': ({ file }) => files.cancel(file),
    'search.everywhere': async ({ query }, port) => {
      const found = await search.everywhere(query);
      port.introduce([...found.own, ...found.others, ...found.messages.flatMap(({ peer, snippet }) => [peer, snippet.from])]);
      return found;
    },
  };
}
