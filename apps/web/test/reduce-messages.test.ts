import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import Long from 'long';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Chat, PeerId, Poll } from '../src/protocol/index.ts';
import { readMessage } from '../src/worker/models/message.ts';
import { readContents, reduce, type ReduceContext } from '../src/worker/reduce/index.ts';
import { Database } from '../src/worker/store/database.ts';
import { Store } from '../src/worker/store/store.ts';
import { TypingList } from '../src/worker/store/typing-list.ts';

const ME = 1;
const BOB = 7;
const chat: Chat = { peer: BOB, topId: 10, date: 100, unread: 0, mentions: 0, readInboxId: 10, readOutboxId: 10 };

function message(id: number, values: Partial<tl.RawMessage> = {}): tl.RawMessage {
  return { _: 'message', id, peerId: { _: 'peerUser', userId: BOB }, fromId: { _: 'peerUser', userId: BOB }, date: 100 + id, message: `text ${id}`, ...values };
}

const thumb = (count: number, chosenOrder?: number): tl.RawReactionCount => ({ _: 'reactionCount', reaction: { _: 'reactionEmoji', emoticon: '👍' }, count, chosenOrder });

describe('updates of messages', () => {
  let database: Database;
  let store: Store;
  let context: ReduceContext;
  let refreshed: PeerId[];

  const take = (update: tl.TypeUpdate): void => reduce(context, { update, peers: { users: new Map(), chats: new Map() } } as never);
  const arrive = (id: number, values: Partial<tl.RawMessage> = {}): void => take({ _: 'updateNewMessage', message: message(id, values), pts: 1, ptsCount: 1 });

  beforeEach(async () => {
    database = await Database.open();
    store = new Store(database, { stage: 'ready', connection: 'connected', isTestMode: false, me: ME }, () => undefined);
    store.isShown = () => true;
    refreshed = [];
    context = {
      store,
      typing: new TypingList(() => undefined),
      self: ME,
      now: () => 1000,
      refreshChats: (peers) => refreshed.push(...peers),
      refreshTopics: () => undefined,
      refreshPeers: () => undefined,
    refreshContacts: () => undefined,
      refreshFolders: () => undefined,
      recount: () => undefined,
    };
    store.setChat(chat);
    store.putMessage(readMessage(message(10), ME)!);
    store.addRange(BOB, { from: 10, to: 10 });
  });
  afterEach(async () => {
    await database.flush();
    database.close();
    await Database.erase();
  });

  test('an incoming message becomes the newest one, and counts as unread', () => {
    arrive(12);
    expect(store.chats.get(BOB)).toMatchObject({ topId: 12, unread: 1, readInboxId: 10 });
    expect(store.ranges(BOB)).toEqual([{ from: 10, to: 12 }]);
  });

  test('an own message of another device reads nothing', () => {
    arrive(12);
    arrive(13, { out: true, fromId: { _: 'peerUser', userId: ME } });
    expect(store.chats.get(BOB)).toMatchObject({ topId: 13, unread: 1, readInboxId: 10 });
  });

  test('a message that was caught up late counts nothing', () => {
    arrive(12);
    arrive(11);
    expect(store.chats.get(BOB)).toMatchObject({ topId: 12, unread: 1 });
    expect(store.message(BOB, 11)?.text).toBe('text 11');
  });

  test('the first message of a chat is left to the server to place', () => {
    arrive(20, { peerId: { _: 'peerUser', userId: 8 }, fromId: { _: 'peerUser', userId: 8 } });
    expect(refreshed).toEqual([8]);
  });

  test('an edit keeps the key by which pages know the message', () => {
    store.putMessage({ ...readMessage(message(11), ME)!, key: 'random' });
    take({ _: 'updateEditMessage', message: message(11, { message: 'new', editDate: 500 }), pts: 1, ptsCount: 1 });
    expect(store.message(BOB, 11)).toMatchObject({ key: 'random', text: 'new', editDate: 500 });
  });

  test('a deleted message is gone, and the server says which one is the newest then', () => {
    arrive(12);
    take({ _: 'updateDeleteMessages', messages: [12], pts: 1, ptsCount: 1 });
    expect(store.message(BOB, 12)).toBeUndefined();
    expect(store.chats.get(BOB)).toMatchObject({ topId: 10, date: 110 });
    expect(refreshed).toEqual([BOB]);
  });

  test('a reaction on an own message counts until it was seen, as often as the server says', () => {
    arrive(12, { out: true });
    const recent: tl.RawMessagePeerReaction = { _: 'messagePeerReaction', unread: true, peerId: { _: 'peerUser', userId: BOB }, date: 1, reaction: { _: 'reactionEmoji', emoticon: '👍' } };
    take({ _: 'updateMessageReactions', peer: { _: 'peerUser', userId: BOB }, msgId: 12, reactions: { _: 'messageReactions', results: [thumb(1)], recentReactions: [recent] } });
    expect(store.message(BOB, 12)).toMatchObject({ reactions: [{ emoji: '👍', count: 1, isChosen: false }], hasUnseenReaction: true });
    expect(refreshed).toEqual([BOB]);
    readContents(context, BOB, [12]);
    expect(store.message(BOB, 12)?.hasUnseenReaction).toBeUndefined();
  });

  test('votes in an own poll count until they were seen; the short form says nothing of them', () => {
    const poll: tl.RawPoll = { _: 'poll', id: Long.fromNumber(5), hash: Long.ONE, creator: true, question: { _: 'textWithEntities', text: 'Tea?', entities: [] }, answers: [] };
    arrive(12, { out: true, media: { _: 'messageMediaPoll', poll, results: { _: 'pollResults' } } });
    const vote = (results: Partial<tl.RawPollResults>): void => take({ _: 'updateMessagePoll', peer: { _: 'peerUser', userId: BOB }, msgId: 12, pollId: poll.id, results: { _: 'pollResults', ...results } });
    const isUnseen = (): boolean | undefined => (store.message(BOB, 12)!.media as { poll: Poll }).poll.hasUnseenVotes;
    vote({ hasUnreadVotes: true });
    vote({ min: true });
    expect([isUnseen(), refreshed]).toEqual([true, [BOB]]);
    readContents(context, BOB, [12]);
    expect(isUnseen()).toBeUndefined();
    store.changeChat(BOB, () => ({ votes: 1 }));
    vote({});
    expect(refreshed).toEqual([BOB, BOB]);
  });

  test('the short form of reactions does not say what was chosen here', () => {
    const peer: tl.TypePeer = { _: 'peerUser', userId: BOB };
    take({ _: 'updateMessageReactions', peer, msgId: 10, reactions: { _: 'messageReactions', results: [thumb(1, 1)] } });
    take({ _: 'updateMessageReactions', peer, msgId: 10, reactions: { _: 'messageReactions', min: true, results: [thumb(2)] } });
    expect(store.message(BOB, 10)?.reactions).toEqual([{ emoji: '👍', count: 2, isChosen: true, order: 1 }]);
    take({ _: 'updateMessageReactions', peer, msgId: 10, reactions: { _: 'messageReactions', results: [] } });
    expect(store.message(BOB, 10)?.reactions).toBeUndefined();
  });

  test('the preview of a link comes after its message', () => {
    const id = Long.fromNumber(5);
    arrive(12, { media: { _: 'messageMediaWebPage', webpage: { _: 'webPagePending', id, date: 0 } } });
    expect(store.message(BOB, 12)).toMatchObject({ awaitedPage: '5', media: undefined });
    take({ _: 'updateWebPage', webpage: { _: 'webPage', id, url: 'https://example.com/', displayUrl: 'example.com', hash: 0, title: 'Example' }, pts: 1, ptsCount: 1 });
    expect(store.message(BOB, 12)).toMatchObject({ awaitedPage: undefined, media: { kind: 'page', title: 'Example' } });
  });

  test('messages that are pinned say so, and the bar is loaded anew', () => {
    take({ _: 'updatePinnedMessages', peer: { _: 'peerUser', userId: BOB }, messages: [10], pinned: true, pts: 1, ptsCount: 1 });
    expect(store.message(BOB, 10)?.isPinned).toBe(true);
    expect(store.takeChanges().details.has(BOB)).toBe(true);
  });

  test('a voice message that was played elsewhere is played here', () => {
    arrive(12, { mediaUnread: true });
    take({ _: 'updateReadMessagesContents', messages: [12], pts: 1, ptsCount: 1 });
    expect(store.message(BOB, 12)?.isUnplayed).toBe(false);
  });

  const passingPhoto = (ttlSeconds: number): tl.RawMessageMediaPhoto => {
    const photo: tl.RawPhoto = { _: 'photo', id: Long.fromNumber(9), accessHash: Long.ONE, fileReference: Uint8Array.of(1), date: 1, dcId: 2, sizes: [{ _: 'photoSize', type: 'm', w: 9, h: 9, size: 9 }] };
    return { _: 'messageMediaPhoto', photo, ttlSeconds };
  };

  test('a photo that can be seen once is gone when it was opened here, with its caption', () => {
    arrive(12, { media: passingPhoto(0x7fffffff), mediaUnread: true });
    readContents(context, BOB, [12]);
    expect(store.message(BOB, 12)).toMatchObject({ media: { kind: 'expired', was: 'photo' }, text: '', isUnplayed: false, locations: undefined });
  });

  test('a photo that can be seen for some seconds stays until the server takes it away', () => {
    arrive(12, { media: passingPhoto(3), mediaUnread: true });
    readContents(context, BOB, [12]);
    expect(store.message(BOB, 12)?.media).toMatchObject({ kind: 'photo', ttl: 3 });
  });

  test('an own photo that can be seen once is gone when the server says so', () => {
    arrive(12, { media: passingPhoto(0x7fffffff), out: true });
    readContents(context, BOB, [12]);
    expect(store.message(BOB, 12)?.media).toMatchObject({ kind: 'photo' });
  });

  test('a draft of another device moves the chat up, and its deletion moves it back', () => {
    const peer: tl.TypePeer = { _: 'peerUser', userId: BOB };
    take({ _: 'updateDraftMessage', peer, draft: { _: 'draftMessage', message: 'later', date: 900, replyTo: { _: 'inputReplyToMessage', replyToMsgId: 10, quoteText: 'text' } } });
    expect(store.chats.get(BOB)).toMatchObject({ date: 900, draft: { text: 'later', replyTo: 10, quote: { text: 'text', at: 0 } } });
    take({ _: 'updateDraftMessage', peer, draft: { _: 'draftMessageEmpty' } });
    expect(store.chats.get(BOB)).toMatchObject({ date: 110, draft: undefined });
  });
});

describe('a message', () => {
  test('says where it was forwarded from', () => {
    const row = readMessage(message(1, { fwdFrom: { _: 'messageFwdHeader', date: 5, fromId: { _: 'peerChannel', channelId: 9 }, channelPost: 4, savedFromPeer: { _: 'peerUser', userId: BOB }, savedFromMsgId: 3 } }), ME);
    expect(row?.forwarded).toEqual({ from: -1_000_000_000_009, name: undefined, post: 4, author: undefined, date: 5, origin: { peer: BOB, message: 3 } });
  });

  test('says what it answers, also in another chat', () => {
    const row = readMessage(message(1, { replyTo: { _: 'messageReplyHeader', quote: true, replyToMsgId: 4, quoteText: 'part', quoteOffset: 2, replyToPeerId: { _: 'peerChannel', channelId: 9 }, replyFrom: { _: 'messageFwdHeader', date: 1, fromName: 'Carl' } } }), ME);
    expect(row?.replyTo).toEqual({ id: 4, peer: -1_000_000_000_009, author: { peer: undefined, name: 'Carl' }, quote: { text: 'part', entities: [], at: 2 } });
  });

  test('of an unknown kind says that it is not shown', () => {
    const row = readMessage(message(1, { media: { _: 'messageMediaUnsupported' } }), ME);
    expect(row?.media).toEqual({ kind: 'unsupported' });
  });

  test('that has disappeared says what it was', () => {
    expect(readMessage(message(1, { media: { _: 'messageMediaPhoto', ttlSeconds: 5 } }), ME)?.media).toEqual({ kind: 'expired', was: 'photo' });
  });
});
