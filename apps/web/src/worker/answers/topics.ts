import type { tl } from '@mtcute/core';
import Long from 'long';
import { GENERAL_TOPIC, topicOf, type TopicQuestions } from '../../protocol/index.ts';
import { changeNotify } from '../change-notify.ts';
import { changeSetting } from '../change-setting.ts';
import { channelIdOf, tlPeer } from '../models/ids.ts';
import { randomLong } from '../send/random-long.ts';
import { TopicListView } from '../views/topics-view.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Calls to delete one topic at most: each deletes some hundred messages. */
const DELETE_CALLS_MAX = 1000;

/** Topics of forums. */
export function answerTopics({ account, history }: AnswerDeps): AnswersTo<TopicQuestions> {
  const edit = async (peer: number, change: Pick<tl.messages.RawEditForumTopicRequest, 'topicId' | 'title' | 'iconEmojiId' | 'closed' | 'hidden'>): Promise<void> => {
    await account.change({ _: 'messages.editForumTopic', peer: await account.inputPeer(peer), ...change });
  };
  return {
    'topics.more': async ({ view }, page) => {
      const opened = page.views.get(view);
      if (opened instanceof TopicListView) await opened.more();
    },
    'topics.of': async ({ peer, message }) => {
      const [row] = await history.get(peer, [message]);
      return row && topicOf(row);
    },
    'topics.setForum': async ({ peer, isForum, hasTabs }) => {
      await changeSetting(account, peer, { _: 'channels.toggleForum', channel: await account.inputChannel(peer), enabled: isForum, tabs: hasTabs });
    },
    'topics.viewAsMessages': async ({ peer, asMessages }) => {
      await account.change({ _: 'channels.toggleViewForumAsMessages', channel: await account.inputChannel(peer), enabled: asMessages });
      account.store.changeChat(peer, () => ({ asMessages }));
    },
    'topics.create': async ({ peer, title, colour, icon }) => {
      const randomId = randomLong();
      const answer = await account.change({ _: 'messages.createForumTopic', peer: await account.inputPeer(peer), title, iconColor: colour, iconEmojiId: icon === undefined ? undefined : Long.fromString(icon), randomId });
      const all = answer._ === 'updates' || answer._ === 'updatesCombined' ? answer.updates : [];
      const named = all.find((update) => update._ === 'updateMessageID' && update.randomId.equals(randomId));
      if (named?._ !== 'updateMessageID') throw new Error('the answer does not name the topic');
      return named.id;
    },
    'topics.edit': ({ peer, topic, title, icon }) => edit(peer, { topicId: topic, title, iconEmojiId: icon === undefined ? undefined : Long.fromString(icon ?? '0') }),
    'topics.setClosed': ({ peer, topic, isClosed }) => edit(peer, { topicId: topic, closed: isClosed }),
    'topics.setHidden': ({ peer, isHidden }) => edit(peer, { topicId: GENERAL_TOPIC, hidden: isHidden }),
    'topics.setPinned': async ({ peer, topic, isPinned }) => {
      await account.change({ _: 'messages.updatePinnedForumTopic', peer: await account.inputPeer(peer), topicId: topic, pinned: isPinned });
    },
    'topics.orderPinned': async ({ peer, topics }) => {
      await account.change({ _: 'messages.reorderPinnedForumTopics', peer: await account.inputPeer(peer), order: topics, force: true });
    },
    'topics.delete': async ({ peer, topic }) => {
      const input = await account.inputPeer(peer);
      for (let calls = 0; calls < DELETE_CALLS_MAX; calls++) {
        const { pts, ptsCount, offset } = await account.call({ _: 'messages.deleteTopicHistory', peer: input, topMsgId: topic });
        account.stepChannel(channelIdOf(peer), pts, ptsCount);
        if (offset <= 0) break;
      }
      account.store.topics.remove(peer, topic);
      await account.store.removeMessagesIn(peer, (row) => topicOf(row) === topic);
      account.refresh.refreshChats([peer]);
    },
    'topics.mute': async ({ peer, topic, until }) => {
      await changeNotify(account, { _: 'inputNotifyForumTopic', peer: await account.inputPeer(peer), topMsgId: topic }, { muteUntil: until });
      account.apply({ _: 'updateNotifySettings', peer: { _: 'notifyForumTopic', peer: tlPeer(peer), topMsgId: topic }, notifySettings: { _: 'peerNotifySettings', muteUntil: until } });
    },
  };
}
