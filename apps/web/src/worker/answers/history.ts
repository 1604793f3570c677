import type { HistoryQuestions } from '../../protocol/index.ts';
import { isChannel } from '../models/ids.ts';
import { MessageWindow } from '../views/history-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Windows of messages. */
export function answerHistory({ account }: AnswerDeps): AnswersTo<HistoryQuestions> {
  return {
    'history.older': async ({ view }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof MessageWindow) await opened.older();
    },
    'history.newer': async ({ view }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof MessageWindow) await opened.newer();
    },
    'history.jump': async ({ view, ...to }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof MessageWindow) await opened.jump(to);
    },
    'history.read': async ({ peer, upTo }) => {
      const chat = account.store.chats.get(peer);
      if (chat && upTo <= chat.readInboxId && chat.unread === 0) return;
      if (isChannel(peer)) await account.change({ _: 'channels.readHistory', channel: await account.inputChannel(peer), maxId: upTo });
      else {
        const { pts, ptsCount } = await account.call({ _: 'messages.readHistory', peer: await account.inputPeer(peer), maxId: upTo });
        account.stepBox(pts, ptsCount);
      }
      account.store.changeChat(peer, ({ readInboxId, topId, unread }) => ({ readInboxId: Math.max(readInboxId, upTo), unread: upTo >= topId ? 0 : unread }));
    },
  };
}
