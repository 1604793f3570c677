import type { HistoryQuestions } from '../../protocol/index.ts';
import { channelIdOf, isChannel } from '../models/ids.ts';
import { freshen } from '../freshen.ts';
import { readThreadUpTo, readUpTo } from '../read-history.ts';
import { seeMessages } from '../see-messages.ts';
import { MessageWindow } from '../views/history-view.ts';
import { OpenThreadView } from '../views/thread-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

const SEE_ALL = { mentions: 'messages.readMentions', reactions: 'messages.readReactions', votes: 'messages.readPollVotes' } as const;

/** Windows of messages. */
export function answerHistory({ account, chats, history, threads }: AnswerDeps): AnswersTo<HistoryQuestions> {
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
    'history.nextUnseen': async ({ view, kind }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof MessageWindow) await opened.jumpToUnseen(kind);
    },
    'history.see': ({ peer, messages }) => seeMessages(account, peer, messages),
    'history.seeAll': async ({ peer, thread, kind }) => {
      const input = { peer: await account.inputPeer(peer), topMsgId: thread };
      const { pts, ptsCount } = await account.call({ _: SEE_ALL[kind], ...input });
      if (isChannel(peer)) account.stepChannel(channelIdOf(peer), pts, ptsCount);
      else account.stepBox(pts, ptsCount);
      if (thread !== undefined && account.store.topics.get(peer, thread)) account.refresh.refreshTopics(peer, [thread]);
      await chats.load([peer]);
    },
    'history.read': ({ peer, upTo, thread }) => (thread === undefined ? readUpTo(account, peer, upTo) : readThreadUpTo({ account, threads }, { peer, thread, upTo })),
    'history.freshen': ({ peer, messages }) => freshen({ account, history }, peer, messages),
    'history.countReplies': ({ peer, messages }) => threads.count(peer, messages),
    'thread.refresh': async ({ view }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof OpenThreadView) await opened.refresh();
    },
  };
}
