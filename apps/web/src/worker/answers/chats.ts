import type { ChatQuestions } from '../../protocol/index.ts';
import { ChatListView } from '../views/chats-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** What is done with rows of the list of chats. */
export function answerChats({ account }: AnswerDeps): AnswersTo<ChatQuestions> {
  return {
    'chats.more': async ({ view }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof ChatListView) await opened.more();
    },
    'chats.setPinned': async ({ peer, isPinned }) => {
      await account.change({ _: 'messages.toggleDialogPin', peer: { _: 'inputDialogPeer', peer: await account.inputPeer(peer) }, pinned: isPinned });
    },
  };
}
