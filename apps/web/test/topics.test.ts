import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HistoryPatch, type MessageId, type Topic, topicOf } from '../src/protocol/index.ts';
import type { Account } from '../src/worker/account.ts';
import { HistoryLoader } from '../src/worker/load-history.ts';
import { TopicLoader } from '../src/worker/load-topics.ts';
import { readDraft } from '../src/worker/models/draft.ts';
import { tlPeer } from '../src/worker/models/ids.ts';
import { readMessage } from '../src/worker/models/message.ts';
import { compareTopics } from '../src/worker/models/topic.ts';
import { reduce } from '../src/worker/reduce/index.ts';
import type { ReduceContext } from '../src/worker/reduce/context.ts';
import { Database } from '../src/worker/store/database.ts';
import type { Store } from '../src/worker/store/store.ts';
import { Alerts } from '../src/worker/alerts.ts';
import { Search } from '../src/worker/search.ts';
import { MessageWindow } from '../src/worker/views/history-view.ts';
import { makeChat, makeContext, makePeer, rawUpdate, SELF } from './made.ts';

const FORUM = -1_000_000_000_009;
const CHANNEL_ID = 9;
const GENERAL = 1;

const makeTopic = (id: MessageId, values: Partial<Topic> = {}): Topic => ({
  peer: FORUM,
  id,
  title: `Topic ${id}`,
  colour: 0x6fb9f0,
  topId: id,
  date: id,
  unread: 0,
  mentions: 0,
  readInboxId: id,
  readOutboxId: 0,
  ...values,
});

/** A message as the server tells it. @param topic undefined for General */
const rawMessage = (id: number, topic?: number, values: Partial<tl.RawMessage> = {}): tl.RawMessage => ({
  _: 'message',
  id,
  peerId: tlPeer(FORUM),
  fromId: tlPeer(7),
  date: 1000 + id,
  message: `text ${id}`,
  replyTo: topic === undefined ? undefined : { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: topic },
  ...values,
});

const newMessage = (message: tl.TypeMessage): tl.TypeUpdate => ({ _: 'updateNewChannelMessage', message, pts: 1, ptsCount: 1 });

let store: Store;
let context: ReduceContext;
let asked: { chats: number[]; topics: number[] };
const take = (update: tl.TypeUpdate): void => reduce(context, rawUpdate(update));
const topic = (id: number): Topic | undefined => store.topics.get(FORUM, id);

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  ({ store, context, asked } = await makeContext());
  store.setPeer(makePeer(FORUM, { kind: 'supergroup', isForum: true, isMember: true, former: 'none' }));
  store.setChat(makeChat(FORUM, { topId: 20 }));
  for (const id of [GENERAL, 10, 20]) store.topics.set(makeTopic(id));
});

describe('the topic of a message', () => {
  const read = (message: tl.TypeMessage): MessageId => topicOf(readMessage(message, SELF)!);

  test('the header names it; without a header it is General', () => {
    expect(read(rawMessage(30, 10))).toBe(10);
    expect(read(rawMessage(30))).toBe(GENERAL);
    expect(readMessage(rawMessage(30, 10), SELF)?.replyTo).toBeUndefined();
  });

  test('a reply names the topic beside the message that it answers', () => {
    const reply = rawMessage(30, 10, { replyTo: { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: 25, replyToTopId: 10 } });
    expect(read(reply)).toBe(10);
    expect(readMessage(reply, SELF)?.replyTo).toEqual(expect.objectContaining({ id: 25 }));
  });

  test('an answer from before the group was a forum belongs to General', () => {
    expect(read(rawMessage(30, undefined, { replyTo: { _: 'messageReplyHeader', replyToMsgId: 25, replyToTopId: 12 } }))).toBe(GENERAL);
  });

  test('a topic begins with the message that says so', () => {
    expect(read({ _: 'messageService', id: 40, peerId: tlPeer(FORUM), date: 1, action: { _: 'messageActionTopicCreate', title: 'New', iconColor: 1 } })).toBe(40);
  });
});

describe('the topics of a forum', () => {
  test('a new message goes into its topic alone, and counts there', () => {
    take(newMessage(rawMessage(30, 10, { mentioned: true })));
    expect(topic(10)).toMatchObject({ topId: 30, date: 1030, unread: 1, mentions: 1 });
    expect([topic(20)?.topId, topic(GENERAL)?.topId]).toEqual([20, GENERAL]);
    take(newMessage(rawMessage(31)));
    expect(topic(GENERAL)).toMatchObject({ topId: 31, unread: 1 });
    expect(store.topics.list(FORUM).sort(compareTopics).map(({ id }) => id)).toEqual([GENERAL, 10, 20]);
  });

  test('an own message and one that was read elsewhere do not count', () => {
    store.topics.change(FORUM, 10, () => ({ readInboxId: 35 }));
    take(newMessage(rawMessage(30, 10, { out: true })));
    take(newMessage(rawMessage(34, 10)));
    expect(topic(10)).toMatchObject({ topId: 34, unread: 0 });
  });

  test('a message of a topic that is not known asks for the topic', () => {
    take(newMessage(rawMessage(30, 15)));
    take(newMessage({ _: 'messageService', id: 31, peerId: tlPeer(FORUM), date: 1, action: { _: 'messageActionTopicCreate', title: 'New', iconColor: 1 } }));
    expect(asked.topics).toEqual([15, 31]);
  });

  test('a group without topics has none', () => {
    store.setPeer(makePeer(FORUM, { kind: 'supergroup' }));
    take(newMessage(rawMessage(30, 10)));
    expect([topic(10)?.topId, asked.topics]).toEqual([10, []]);
  });

  test('a service message changes what it tells of', () => {
    const edit = (id: number, action: Partial<tl.RawMessageActionTopicEdit>, of?: number): void =>
      take(newMessage({ _: 'messageService', id, peerId: tlPeer(FORUM), date: 1, replyTo: of === undefined ? undefined : { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: of }, action: { _: 'messageActionTopicEdit', ...action } }));
    edit(30, { title: 'Plans' }, 10);
    edit(31, { closed: true }, 10);
    expect(topic(10)).toMatchObject({ title: 'Plans', isClosed: true, topId: 31 });
    edit(32, { closed: false }, 10);
    edit(33, { hidden: true });
    expect([topic(10)?.isClosed, topic(GENERAL)?.isClosed, topic(GENERAL)?.isHidden]).toEqual([false, true, true]);
    edit(34, { hidden: false });
    expect(topic(GENERAL)).toMatchObject({ isClosed: true, isHidden: false, title: 'Topic 1' });
    edit(35, { hidden: true });
    edit(36, { closed: false });
    expect(topic(GENERAL)).toMatchObject({ isClosed: false, isHidden: false });
  });

  test('another device has read a topic: as a whole, or in part', () => {
    store.topics.set(makeTopic(10, { topId: 30, unread: 3 }));
    const read = (readMaxId: number): void => take({ _: 'updateReadChannelDiscussionInbox', channelId: CHANNEL_ID, topMsgId: 10, readMaxId });
    read(28);
    expect([topic(10)?.readInboxId, asked.topics]).toEqual([28, [10]]);
    read(30);
    expect(topic(10)).toMatchObject({ readInboxId: 30, unread: 0 });
    read(29);
    expect(topic(10)?.readInboxId).toBe(30);
    // The group counts what its topics have.
    expect(asked.chats).toEqual([FORUM, FORUM, FORUM]);
  });

  test('who reads the forum as one history has read all topics', () => {
    store.topics.set(makeTopic(10, { topId: 30, unread: 3 }));
    store.topics.set(makeTopic(20, { topId: 40, unread: 2 }));
    take({ _: 'updateReadChannelInbox', channelId: CHANNEL_ID, maxId: 35, stillUnreadCount: 1, pts: 1 });
    expect([topic(10)?.unread, topic(20)?.readInboxId, asked.topics]).toEqual([0, 35, [20]]);
  });

  test('others have read own messages', () => {
    take({ _: 'updateReadChannelDiscussionOutbox', channelId: CHANNEL_ID, topMsgId: 10, readMaxId: 12 });
    take({ _: 'updateReadChannelOutbox', channelId: CHANNEL_ID, maxId: 11 });
    expect([topic(10)?.readOutboxId, topic(20)?.readOutboxId]).toEqual([12, 11]);
  });

  test('a draft and a mute belong to the topic, not to its group', () => {
    take({ _: 'updateDraftMessage', peer: tlPeer(FORUM), topMsgId: 10, draft: { _: 'draftMessage', message: 'half', date: 5000, replyTo: { _: 'inputReplyToMessage', replyToMsgId: 10, topMsgId: 10 } } });
    take({ _: 'updateNotifySettings', peer: { _: 'notifyForumTopic', peer: tlPeer(FORUM), topMsgId: 10 }, notifySettings: { _: 'peerNotifySettings', muteUntil: 77 } });
    expect(topic(10)).toMatchObject({ draft: { text: 'half', replyTo: undefined }, date: 5000, mutedUntil: 77 });
    const { draft, mutedUntil } = store.chats.get(FORUM)!;
    expect([draft, mutedUntil]).toEqual([undefined, undefined]);
    take({ _: 'updateDraftMessage', peer: tlPeer(FORUM), topMsgId: 10, draft: { _: 'draftMessageEmpty' } });
    expect(topic(10)?.draft).toBeUndefined();
  });

  test('a draft of a topic that answers a message says which one', () => {
    expect(readDraft({ _: 'draftMessage', message: '', date: 1, replyTo: { _: 'inputReplyToMessage', replyToMsgId: 25, topMsgId: 10 } })?.replyTo).toBe(25);
  });

  test('a topic is gone with its first message; others that lost messages are asked for', () => {
    store.topics.set(makeTopic(20, { topId: 40, unread: 2, readInboxId: 20 }));
    take({ _: 'updateDeleteChannelMessages', channelId: CHANNEL_ID, messages: [10, 11], pts: 1, ptsCount: 2 });
    expect([topic(10), asked.topics]).toEqual([undefined, []]);
    take({ _: 'updateDeleteChannelMessages', channelId: CHANNEL_ID, messages: [40], pts: 1, ptsCount: 1 });
    expect(asked.topics).toEqual([20]);
  });

  test('a topic that is pinned stands first; the order of the server counts', () => {
    take({ _: 'updatePinnedForumTopic', peer: tlPeer(FORUM), topicId: 10, pinned: true });
    take({ _: 'updatePinnedForumTopic', peer: tlPeer(FORUM), topicId: GENERAL, pinned: true });
    const order = (): MessageId[] => store.topics.list(FORUM).sort(compareTopics).map(({ id }) => id);
    expect(order()).toEqual([GENERAL, 10, 20]);
    take({ _: 'updatePinnedForumTopics', peer: tlPeer(FORUM), order: [20, 10, 15] });
    expect([order(), asked.topics]).toEqual([[20, 10, GENERAL], [15]]);
    take({ _: 'updatePinnedForumTopic', peer: tlPeer(FORUM), topicId: 20 });
    expect(topic(20)?.pinned).toBeUndefined();
  });

  test('the account wants to see the forum as one history', () => {
    take({ _: 'updateChannelViewForumAsMessages', channelId: CHANNEL_ID, enabled: true });
    expect(store.chats.get(FORUM)?.asMessages).toBe(true);
  });

  test('topics are known after a restart, and forgotten with their group', async () => {
    await store.listMessages(1, 1, 1);
    const { store: again } = await makeContext();
    await again.load();
    expect(again.topics.list(FORUM).map(({ id }) => id)).toEqual([GENERAL, 10, 20]);
    again.removeChat(FORUM);
    expect(again.topics.all()).toEqual([]);
  });
});

describe('loading topics', () => {
  const rawTopic = (id: number, values: Partial<tl.RawForumTopic> = {}): tl.RawForumTopic =>
    ({ _: 'forumTopic', peer: tlPeer(FORUM), id, date: id, title: `Topic ${id}`, iconColor: 1, topMessage: id, unreadCount: 0, unreadMentionsCount: 0, unreadReactionsCount: 0, readInboxMaxId: id, readOutboxMaxId: 0, notifySettings: {}, ...values }) as tl.RawForumTopic;
  let calls: tl.RpcMethod[];
  let answers: (() => tl.TypeForumTopic[])[];
  let loader: TopicLoader;

  beforeEach(() => {
    calls = [];
    answers = [];
    const account = {
      store,
      me: SELF,
      inputPeer: () => Promise.resolve({ _: 'inputPeerChannel' }),
      call: (request: tl.RpcMethod) => {
        calls.push(request);
        return Promise.resolve({ topics: answers.shift()?.() ?? [], messages: [], users: [], chats: [] });
      },
      database: { flush: () => Promise.resolve() },
    };
    loader = new TopicLoader(account as unknown as Account);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('page after page; what the whole list does not have is gone', async () => {
    const page = Array.from({ length: 50 }, (_, index) => rawTopic(200 - index, index < 2 ? { pinned: true } : {}));
    answers = [() => page, () => [rawTopic(20)]];
    store.topics.set(makeTopic(10, { pinned: 3 }));
    await loader.more(FORUM);
    expect([loader.hasMore(FORUM), topic(200)?.pinned, topic(199)?.pinned, topic(10)?.pinned]).toEqual([true, 0, 1, undefined]);
    await loader.more(FORUM);
    expect(calls[1]).toMatchObject({ _: 'messages.getForumTopics', offsetTopic: 151, offsetId: 151 });
    expect([loader.hasMore(FORUM), topic(10), topic(GENERAL), topic(20)?.id]).toEqual([false, undefined, undefined, 20]);
    await loader.more(FORUM);
    expect(calls).toHaveLength(2);
  });

  test('a topic that is newer here than in an answer is asked for again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    answers = [() => [rawTopic(10)], () => [rawTopic(10, { topMessage: 30, unreadCount: 4 })]];
    take(newMessage(rawMessage(30, 10)));
    await loader.load(FORUM, [10]);
    expect(topic(10)).toMatchObject({ topId: 30, unread: 1 });
    await vi.advanceTimersByTimeAsync(1000);
    expect([calls.length, topic(10)?.unread]).toEqual([2, 4]);
  });

  test('a deleted topic leaves the list', async () => {
    answers = [() => [{ _: 'forumTopicDeleted', id: 10 }]];
    await loader.load(FORUM, [10]);
    expect(topic(10)).toBeUndefined();
  });
});

test('a muted topic is silent, and one that is not muted is heard in a muted group', () => {
  const told: string[] = [];
  const now = Math.floor(Date.now() / 1000);
  const alerts = new Alerts({ store, me: SELF } as unknown as Account, (_, { text }) => void told.push(text));
  store.changeChat(FORUM, () => ({ mutedUntil: now + 1000 }));
  store.topics.change(FORUM, 10, () => ({ mutedUntil: 0 }));
  for (const [id, of] of [[30, 10], [31, 20], [32, undefined]] as const) alerts.consider(rawUpdate(newMessage(rawMessage(id, of, { date: now }))));
  store.changeChat(FORUM, () => ({ mutedUntil: 0 }));
  store.topics.change(FORUM, 10, () => ({ mutedUntil: now + 1000 }));
  for (const [id, of] of [[40, 10], [41, 20]] as const) alerts.consider(rawUpdate(newMessage(rawMessage(id, of, { date: now }))));
  expect(told).toEqual(['text 30', 'text 41']);
});

describe('the history of a topic', () => {
  /** A window whose server answers with some messages. */
  async function openWindow(thread: MessageId, answer: tl.TypeMessage[]): Promise<{ window: MessageWindow; calls: tl.RpcMethod[] }> {
    const calls: tl.RpcMethod[] = [];
    const account = {
      store,
      context,
      me: SELF,
      firstChats: Promise.resolve(),
      inputPeer: () => Promise.resolve({ _: 'inputPeerChannel', channelId: CHANNEL_ID }),
      call: (request: tl.RpcMethod) => {
        calls.push(request);
        return Promise.resolve({ _: 'messages.channelMessages', messages: answer, topics: [], users: [], chats: [] });
      },
      database: { flush: () => Promise.resolve() },
    } as unknown as Account;
    const window = new MessageWindow({ account, loader: new HistoryLoader(account), topics: new TopicLoader(account), say: { peer: FORUM, thread } });
    await window.start();
    return { window, calls };
  }
  const texts = (patch: HistoryPatch | undefined): string[] => (patch?.messages ?? []).map(({ text }) => text);

  test('has the messages of its topic alone, and those that come', async () => {
    const { window, calls } = await openWindow(20, [rawMessage(22, 20), rawMessage(21, 20)]);
    expect(calls[0]).toMatchObject({ _: 'messages.getReplies', msgId: 20 });
    expect(texts(window.takePatch())).toEqual(['text 21', 'text 22']);
    store.takeChanges();
    take(newMessage(rawMessage(30, 10)));
    take(newMessage(rawMessage(31, 20)));
    take(newMessage(rawMessage(32)));
    window.notice(store.takeChanges());
    expect(texts(window.takePatch())).toEqual(['text 31']);
  });

  test('General has what names no topic', async () => {
    const { window } = await openWindow(GENERAL, [rawMessage(22), rawMessage(21, 20)]);
    expect(texts(window.takePatch())).toEqual(['text 22']);
    store.takeChanges();
    take(newMessage(rawMessage(31, 20)));
    take(newMessage(rawMessage(32)));
    window.notice(store.takeChanges());
    expect(texts(window.takePatch())).toEqual(['text 32']);
  });

  test('is searched alone, and alone asked for what is pinned and what was not seen', async () => {
    const calls: tl.RpcMethod[] = [];
    const account = {
      me: SELF,
      inputPeer: () => Promise.resolve({ _: 'inputPeerChannel', channelId: CHANNEL_ID }),
      call: (request: tl.RpcMethod) => {
        calls.push(request);
        return Promise.resolve({ _: 'messages.channelMessages', count: 0, messages: [], topics: [], users: [], chats: [] });
      },
    } as unknown as Account;
    const history = new HistoryLoader(account);
    await new Search(account).inChat({ peer: FORUM, thread: 10, query: 'salt' });
    await history.pinned(FORUM, 10);
    await history.oldestUnseen(FORUM, 'mentions', 10);
    await history.oldestUnseen(FORUM, 'reactions', 10);
    const asked = calls.map((call) => ('topMsgId' in call ? `${call._} ${call.topMsgId}` : call._));
    expect(asked).toEqual(['messages.search 10', 'messages.search 10', 'messages.getUnreadMentions 10', 'messages.getUnreadReactions 10']);
  });

  test('is known without the server when it is opened again', async () => {
    store.setChat(makeChat(FORUM, { topId: 22 }));
    store.topics.set(makeTopic(20, { topId: 22 }));
    await openWindow(20, [rawMessage(22, 20), rawMessage(21, 20)]);
    take(newMessage(rawMessage(30, 20)));
    const { window, calls } = await openWindow(20, []);
    expect(calls.filter(({ _: method }) => method === 'messages.getReplies')).toEqual([]);
    expect(texts(window.takePatch())).toEqual(['text 21', 'text 22', 'text 30']);
  });
});

test('a database of an older structure keeps its account and what waits to be sent', async () => {
  globalThis.indexedDB = new IDBFactory();
  await new Promise<void>((resolve) => {
    const request = indexedDB.open('aerogram-account-1', 2);
    request.onupgradeneeded = () => {
      for (const name of ['session', 'authKeys', 'outbox', 'mtPeers', 'references', 'peers', 'chats', 'messages', 'ranges', 'files', 'facts']) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      const change = request.result.transaction(['session', 'outbox', 'chats'], 'readwrite');
      change.objectStore('session').put(SELF, 'me');
      change.objectStore('outbox').put({ text: 'left' }, 'key');
      change.objectStore('chats').put({}, 5);
      change.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  });
  const database = await Database.open();
  expect(await database.get('session', 'me')).toBe(SELF);
  expect(await database.list('outbox')).toEqual([{ text: 'left' }]);
  expect(await database.list('chats')).toEqual([]);
  expect(await database.list('topics')).toEqual([]);
});
