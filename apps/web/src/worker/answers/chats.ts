import type { tl } from '@mtcute/core';
import type { ChatQuestions, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { loadChatThemes } from '../chat-themes.ts';
import { isChannel, tlPeer } from '../models/ids.ts';
import { muteChat } from '../mute-chat.ts';
import { ARCHIVE_ID } from '../reduce/index.ts';
import { readUpTo } from '../read-history.ts';
import { ChatListView } from '../views/chats-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Calls to delete one history at most: each deletes some hundred messages. */
const DELETE_CALLS_MAX = 1000;

/** What is done with rows of the list of chats, without pins. */
export function answerChats({ account }: AnswerDeps): AnswersTo<Omit<ChatQuestions, 'chats.setPinned' | 'chats.orderPinned'>> {
  const inputDialog = async (peer: PeerId): Promise<tl.TypeInputDialogPeer> => ({ _: 'inputDialogPeer', peer: await account.inputPeer(peer) });
  return {
    'chats.more': async ({ view }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof ChatListView) await opened.more();
    },
    'chats.mute': ({ peer, until }) => muteChat(account, peer, until),
    'chats.setUnread': async ({ peer, isUnread }) => {
      const chat = account.store.chats.get(peer);
      if (!isUnread && chat && chat.unread > 0) await readUpTo(account, peer, chat.topId);
      if (!isUnread && !chat?.isMarkedUnread) return;
      await account.call({ _: 'messages.markDialogUnread', peer: await inputDialog(peer), unread: isUnread });
      account.apply({ _: 'updateDialogUnreadMark', peer: { _: 'dialogPeer', peer: tlPeer(peer) }, unread: isUnread });
    },
    'chats.setArchived': async ({ peer, isArchived }) => {
      await account.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: await account.inputPeer(peer), folderId: isArchived ? ARCHIVE_ID : 0 }] });
    },
    'themes.list': () => loadChatThemes(account),
    'themes.set': async ({ peer, emoji }) => {
      await account.change({ _: 'messages.setChatTheme', peer: await account.inputPeer(peer), theme: emoji === undefined ? { _: 'inputChatThemeEmpty' } : { _: 'inputChatTheme', emoticon: emoji } });
      account.store.noteDetails(peer);
    },
    'chats.clear': async ({ peer, forBoth }) => {
      await deleteHistory(account, peer, { justClear: true, forBoth });
      account.refresh.refreshChats([peer]);
    },
    'chats.delete': async ({ peer, forBoth }) => {
      await deleteHistory(account, peer, { justClear: false, forBoth });
      account.store.removeChat(peer);
    },
  };
}

/** Deletes the messages of a chat, for this account or for both sides. */
export async function deleteHistory(account: Account, peer: PeerId, { justClear, forBoth }: { justClear: boolean; forBoth: boolean }): Promise<void> {
  const maxId = account.store.chats.get(peer)?.topId ?? 0;
  if (isChannel(peer)) {
    await account.change({ _: 'channels.deleteHistory', channel: await account.inputChannel(peer), maxId, forEveryone: forBoth });
  } else {
    const input = await account.inputPeer(peer);
    for (let calls = 0; calls < DELETE_CALLS_MAX; calls++) {
      const { pts, ptsCount, offset } = await account.call({ _: 'messages.deleteHistory', peer: input, maxId: 0, justClear, revoke: forBoth });
      account.stepBox(pts, ptsCount);
      if (offset <= 0) break;
    }
  }
  account.store.clearMessages(peer, maxId);
}
