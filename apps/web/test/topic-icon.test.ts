import type { tl } from '@mtcute/core';
import Long from 'long';
import { expect, test } from 'vitest';
import { readAction } from '../src/worker/models/service.ts';
import { readTopic } from '../src/worker/models/topic.ts';

const topic = (iconEmojiId?: Long): tl.RawForumTopic => ({
  _: 'forumTopic',
  id: 5,
  date: 1,
  peer: { _: 'peerChannel', channelId: 3 },
  title: 'Boats',
  iconColor: 0x6fb9f0,
  iconEmojiId,
  topMessage: 5,
  readInboxMaxId: 0,
  readOutboxMaxId: 0,
  unreadCount: 0,
  unreadMentionsCount: 0,
  unreadReactionsCount: 0,
  unreadPollVotesCount: 0,
  fromId: { _: 'peerUser', userId: 1 },
  notifySettings: { _: 'peerNotifySettings' },
});

test('the icon of a topic is a custom emoji, or none', () => {
  expect(readTopic(topic(Long.fromNumber(77)), undefined, undefined).icon).toBe('77');
  expect(readTopic(topic(Long.ZERO), undefined, undefined).icon).toBeUndefined();
  expect(readTopic(topic(), undefined, undefined).icon).toBeUndefined();
});

test('a service message says which icon a topic has now', () => {
  const edited = (iconEmojiId?: Long): unknown => readAction({ _: 'messageActionTopicEdit', iconEmojiId }, -3);
  expect(edited(Long.fromNumber(77))).toMatchObject({ kind: 'topicEdited', icon: '77' });
  expect(edited(Long.ZERO)).toMatchObject({ icon: '0' });
  expect(edited()).not.toHaveProperty('icon');
});
