import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Replies, REPLIES_CHAT } from '../src/protocol/index.ts';
import type { Account } from '../src/worker/account.ts';
import { HistoryLoader } from '../src/worker/load-history.ts';
import { ThreadLoader } from '../src/worker/load-threads.ts';
import { newerReplies, readReplies, readThread } from '../src/worker/models/headers.ts';
import { readMessage } from '../src/worker/models/message.ts';
import { readUser } from '../src/worker/models/peer.ts';
import { reduce } from '../src/worker/reduce/index.ts';
import { Database } from '../src/worker/store/database.ts';
import { Store } from '../src/worker/store/store.ts';
import type { Thread } from '../src/worker/store/thread-list.ts';
import { makeChat, makeContext, makePeer, rawUpdate, rawUser, SELF } from './made.ts';

const GROUP_ID = 9;
const GROUP = -1_000_000_000_009;
const CHANNEL = -1_000_000_000_008;
const ROOT = 10;
const POST = 3;

/** A message of the group. @param header what it answers */
function groupMessage(id: number, header?: Partial<tl.RawMessageReplyHeader>, values: Partial<tl.RawMessage> = {}): tl.RawMessage {
  return {
    _: 'message',
    id,
    peerId: { _: 'peerChannel', channelId: GROUP_ID },
    fromId: { _: 'peerUser', userId: 7 },
    date: 100 + id,
    message: `text ${id}`,
    replyTo: header && { _: 'messageReplyHeader', ...header },
    replies: { _: 'messageReplies', replies: 0, repliesPts: id },
    ...values,
  };
}

const reply = (id: number, values: Partial<tl.RawMessage> = {}): tl.RawMessage => groupMessage(id, { replyToMsgId: ROOT }, values);
const makeThread = (values: Partial<Thread> = {}): Thread => ({
  peer: GROUP, top: ROOT, roots: [ROOT], topId: ROOT, countedId: ROOT, count: 0, version: 1, unread: 0, readInboxId: 0, readOutboxId: 0, ranges: [{ from: ROOT, to: ROOT }], openedAt: 1, ...values,
});

describe('what messages say of threads', () => {
  test('a reply names the message with which its thread began; topics and answers to other chats are no threads', () => {
    expect(readThread({ _: 'messageReplyHeader', replyToMsgId: 10 })).toBe(10);
    expect(readThread({ _: 'messageReplyHeader', replyToMsgId: 12, replyToTopId: 10 })).toBe(10);
    expect(readThread({ _: 'messageReplyHeader', replyToMsgId: 12, forumTopic: true })).toBeUndefined();
    expect(readThread({ _: 'messageReplyHeader', replyToMsgId: 12, replyToPeerId: { _: 'peerUser', userId: 7 } })).toBeUndefined();
    expect(readThread(undefined)).toBeUndefined();
  });

  test('an answer to a comment is shown as written by whoever has answered, with the place where it is', () => {
    const replies: tl.RawPeerUser = { _: 'peerUser', userId: REPLIES_CHAT };
    const fwdFrom: tl.RawMessageFwdHeader = { _: 'messageFwdHeader', fromId: { _: 'peerUser', userId: 7 }, date: 90, savedFromPeer: { _: 'peerChannel', channelId: GROUP_ID }, savedFromMsgId: 13 };
    const header = { replyToMsgId: 12, replyToTopId: ROOT, replyToPeerId: { _: 'peerChannel', channelId: GROUP_ID } } as const;
    const row = readMessage(groupMessage(2, header, { peerId: replies, fromId: replies, fwdFrom }), SELF);
    expect(row).toMatchObject({ peer: REPLIES_CHAT, from: 7, answer: { group: GROUP, root: ROOT, message: 13 }, replyTo: { id: 12, peer: GROUP } });
    expect(row?.forwarded).toBeUndefined();
    expect(readUser(rawUser({ id: REPLIES_CHAT, bot: true }), undefined).rights.write).toBe(false);
  });

  test('comments name their group and the last repliers', () => {
    const raw: tl.RawMessageReplies = { _: 'messageReplies', comments: true, replies: 2, repliesPts: 5, channelId: GROUP_ID, maxId: 12, recentRepliers: [{ _: 'peerUser', userId: 7 }] };
    expect(readReplies(raw)).toEqual({ count: 2, version: 5, recent: [7], maxId: 12, readMaxId: undefined, group: GROUP });
    expect(readReplies({ _: 'messageReplies', replies: 0, repliesPts: 5 })?.group).toBeUndefined();
  });

  test('the higher version wins, what was read stays read, and a channel without its group has no comments', () => {
    const known: Replies = { count: 2, version: 5, group: GROUP, readMaxId: 4 };
    expect(newerReplies(known, { count: 1, version: 4, group: GROUP, readMaxId: 6 })).toEqual({ ...known, readMaxId: 6 });
    expect(newerReplies({ ...known, recent: [7] }, { count: 2, version: 5, group: GROUP })?.recent).toEqual([7]);
    expect(newerReplies({ ...known, recent: [7] }, { count: 3, version: 6, group: GROUP })).toEqual({ count: 3, version: 6, group: GROUP, readMaxId: 4 });
    expect(newerReplies(known, undefined)).toBeUndefined();
    expect(newerReplies(known, { count: 0, version: 1, group: -1_000_000_000_077 })).toMatchObject({ count: 0 });
  });
});

describe('updates of threads', () => {
  let made: Awaited<ReturnType<typeof makeContext>>;
  const store = (): Store => made.store;
  const take = (update: tl.TypeUpdate): void => reduce(made.context, rawUpdate(update));
  const arrive = (message: tl.RawMessage, pts = message.id): void => take({ _: 'updateNewChannelMessage', message, pts, ptsCount: 1 });
  const thread = (): Thread | undefined => store().threads.get(GROUP, ROOT);

  beforeEach(async () => {
    made = await makeContext();
    store().isShown = () => true;
    store().setPeer(makePeer(GROUP, { kind: 'supergroup', isMember: true }));
    store().setChat(makeChat(GROUP, { topId: ROOT }));
    store().putMessage(readMessage(groupMessage(ROOT), SELF)!);
  });
  afterEach(async () => {
    await Database.erase(0);
  });

  test('a reply is counted once at the message with which the thread began', () => {
    arrive(reply(12));
    arrive(reply(12));
    arrive(groupMessage(13, { replyToMsgId: 12, replyToTopId: ROOT }));
    arrive(groupMessage(14));
    expect(store().message(GROUP, ROOT)?.replies).toMatchObject({ count: 2, maxId: 13, version: 13 });
    // The message may have been loaded with this reply counted already.
    store().changeMessage(GROUP, ROOT, (row) => ({ ...row, replies: { count: 5, version: 20, maxId: 18 } }));
    arrive(reply(18));
    expect(store().message(GROUP, ROOT)?.replies?.count).toBe(5);
  });

  test('an edit that was counted earlier does not take back replies', () => {
    arrive(reply(12), 30);
    take({ _: 'updateEditChannelMessage', message: groupMessage(ROOT, undefined, { message: 'changed' }), pts: 31, ptsCount: 1 });
    expect(store().message(GROUP, ROOT)).toMatchObject({ text: 'changed', replies: { count: 1 } });
  });

  test('an open thread grows without holes, and counts what is unread', () => {
    store().threads.put(makeThread());
    arrive(reply(12));
    arrive(groupMessage(13));
    arrive(reply(14));
    arrive(reply(15, { out: true, fromId: { _: 'peerUser', userId: SELF } }));
    expect(thread()).toMatchObject({ topId: 15, count: 3, unread: 2, ranges: [{ from: ROOT, to: 15 }] });
  });

  test('a reply that was loaded before its update is counted by the update, once', () => {
    store().threads.put(makeThread());
    store().threads.addRange(GROUP, ROOT, { from: ROOT, to: 12 });
    arrive(reply(12));
    arrive(reply(12));
    expect(thread()).toMatchObject({ topId: 12, countedId: 12, count: 1, unread: 1, ranges: [{ from: ROOT, to: 12 }] });
  });

  test('read marks move the thread, its first message and the post of which that is a copy', () => {
    store().putMessage(readMessage({ ...groupMessage(POST), peerId: { _: 'peerChannel', channelId: 8 }, fromId: undefined, post: true, replies: { _: 'messageReplies', comments: true, channelId: GROUP_ID, replies: 2, repliesPts: 1, maxId: 14 } }, SELF)!);
    store().threads.put(makeThread({ topId: 14, unread: 2, post: { peer: CHANNEL, message: POST } }));
    take({ _: 'updateReadChannelDiscussionInbox', channelId: GROUP_ID, topMsgId: ROOT, readMaxId: 12 });
    expect(thread()).toMatchObject({ readInboxId: 12, unread: 2 });
    take({ _: 'updateReadChannelDiscussionInbox', channelId: GROUP_ID, topMsgId: ROOT, readMaxId: 14 });
    expect(thread()).toMatchObject({ readInboxId: 14, unread: 0 });
    expect(store().message(GROUP, ROOT)?.replies?.readMaxId).toBe(14);
    expect(store().message(CHANNEL, POST)?.replies?.readMaxId).toBe(14);
    take({ _: 'updateReadChannelDiscussionOutbox', channelId: GROUP_ID, topMsgId: ROOT, readMaxId: 13 });
    expect(thread()).toMatchObject({ readOutboxId: 13 });
  });

  test('a comment lets the count of an open post be asked for', () => {
    store().threads.put(makeThread({ post: { peer: CHANNEL, message: POST } }));
    arrive(reply(12));
    expect(made.asked.counts).toEqual([]);
    store().putMessage(readMessage({ ...groupMessage(POST), peerId: { _: 'peerChannel', channelId: 8 }, post: true }, SELF)!);
    arrive(reply(13));
    expect(made.asked.counts).toEqual([`${CHANNEL}:${POST}`]);
  });

  test('an own comment in a group that the account is not in brings no chat, and leaves what others wrote before it to be loaded', () => {
    store().removeChat(GROUP);
    store().setPeer(makePeer(GROUP, { kind: 'supergroup', isMember: false }));
    store().threads.put(makeThread());
    arrive(reply(20, { out: true, fromId: { _: 'peerUser', userId: SELF } }));
    expect(made.asked.chats).toEqual([]);
    expect(store().message(GROUP, 20)).toBeUndefined();
    expect(thread()).toMatchObject({ topId: 20, unread: 0 });
    // Nor is the comment itself known, until it was loaded with the date that the server gave it.
    expect(thread()!.ranges).toEqual([{ from: ROOT, to: ROOT }]);
  });

  test('typing in a thread is told with the thread', () => {
    take({ _: 'updateChannelUserTyping', channelId: GROUP_ID, topMsgId: ROOT, fromId: { _: 'peerUser', userId: 7 }, action: { _: 'sendMessageTypingAction' } });
    expect(made.context.typing.list(GROUP)).toEqual([{ user: 7, action: 'typing', thread: ROOT }]);
    made.context.typing.stop(GROUP, 7);
  });

  test('threads are kept, are forgotten with the message that began them, and know nothing after updates were missed', async () => {
    const database = await Database.open();
    const first = new Store(database, { stage: 'ready', me: SELF, connection: 'connected', isTestMode: false }, () => undefined);
    first.setChat(makeChat(GROUP));
    first.threads.put(makeThread({ topId: 14, ranges: [{ from: ROOT, to: 14 }] }));
    await database.flush();
    const second = new Store(database, { stage: 'ready', me: SELF, connection: 'connected', isTestMode: false }, () => undefined);
    await second.load();
    expect(second.threads.find(GROUP, ROOT)).toMatchObject({ topId: 14, ranges: [{ from: ROOT, to: 14 }] });
    expect(second.ranges(GROUP)).toEqual([]);
    second.voidRanges(GROUP);
    expect(second.threads.get(GROUP, ROOT)?.ranges).toEqual([{ from: ROOT, to: ROOT }]);
    second.removeMessage(GROUP, ROOT);
    expect(second.threads.get(GROUP, ROOT)).toBeUndefined();
    await database.flush();
    database.close();
  });
});

describe('threads that are loaded', () => {
  let database: Database;
  let store: Store;
  let calls: tl.RpcMethod[];
  let replies: tl.RawMessage[];
  let account: Account;
  /** Of the replies, if it is not that of the newest one. */
  let version: number | undefined;

  beforeEach(async () => {
    database = await Database.open();
    store = new Store(database, { stage: 'ready', me: SELF, connection: 'connected', isTestMode: false }, () => undefined);
    store.setPeer(makePeer(GROUP, { kind: 'supergroup', isMember: true }));
    calls = [];
    replies = [];
    version = undefined;
    const answer = (request: tl.RpcMethod): unknown => {
      calls.push(request);
      const newest = replies.at(-1)?.id;
      if (request._ === 'messages.getDiscussionMessage') return { messages: [groupMessage(ROOT, undefined, { replies: { _: 'messageReplies', replies: replies.length, repliesPts: version ?? newest ?? ROOT } })], maxId: newest, unreadCount: 0 };
      if (request._ === 'messages.getReplies') return { _: 'messages.channelMessages', messages: replies.filter(({ id }) => request.offsetId === 0 || id < request.offsetId || request.addOffset < 0).toReversed() };
      if (request._ === 'messages.getMessagesViews') return { views: [{ _: 'messageViews', replies: { _: 'messageReplies', comments: true, channelId: GROUP_ID, replies: 4, repliesPts: 9 } }] };
      throw new Error(request._);
    };
    account = { me: SELF, store, database, context: { now: () => 1 }, inputPeer: () => ({ _: 'inputPeerSelf' }), call: (request: tl.RpcMethod) => Promise.resolve(answer(request)) } as unknown as Account;
  });
  afterEach(async () => {
    await database.flush();
    database.close();
    await Database.erase(0);
  });

  test('a thread shows its first message above its replies, from the server once and then from here', async () => {
    replies = [reply(12), reply(14)];
    await new ThreadLoader(account).open(GROUP, ROOT);
    const pages = new HistoryLoader(account).pagesOf(GROUP, ROOT);
    const page = await pages.older(undefined);
    expect(page).toMatchObject({ isStart: true, isEnd: true });
    expect(page.rows.map(({ id }) => id)).toEqual([ROOT, 12, 14]);
    await database.flush();
    calls = [];
    store.putMessage(readMessage(groupMessage(13), SELF)!);
    expect((await pages.older(undefined)).rows.map(({ id }) => id)).toEqual([ROOT, 12, 14]);
    expect((await pages.around({ message: ROOT })).rows.map(({ id }) => id)).toEqual([ROOT, 12, 14]);
    expect(calls).toEqual([]);
  });

  test('an answer that was counted before the newest reply, whose update came first, takes nothing back', async () => {
    replies = [reply(12)];
    const loader = new ThreadLoader(account);
    await loader.open(GROUP, ROOT);
    for (const pts of [14, 0]) {
      const opening = loader.open(GROUP, ROOT);
      store.threads.addReply(GROUP, ROOT, { id: 14 + replies.length, pts, isOut: false, isComplete: true });
      await opening;
      expect(store.threads.get(GROUP, ROOT)).toMatchObject({ count: 1 + replies.length, unread: 1 });
      replies.push(reply(14 + replies.length));
      await loader.open(GROUP, ROOT);
      expect(store.threads.get(GROUP, ROOT)).toMatchObject({ count: replies.length, unread: 0 });
    }
    // The newest reply was deleted, which raises the version.
    replies = [reply(12), reply(15)];
    version = 17;
    await loader.open(GROUP, ROOT);
    expect(store.threads.get(GROUP, ROOT)).toMatchObject({ count: 2, countedId: 15 });
  });

  test('comments are found by their post, and are loaded anew where no update tells of them', async () => {
    replies = [reply(12)];
    const loader = new ThreadLoader(account);
    const thread = await loader.open(CHANNEL, POST);
    expect(thread).toMatchObject({ peer: GROUP, top: ROOT, post: { peer: CHANNEL, message: POST } });
    expect(store.threads.find(CHANNEL, POST)?.top).toBe(ROOT);
    store.threads.addRange(GROUP, ROOT, { from: ROOT, to: 12 });
    await loader.open(CHANNEL, POST);
    expect(store.threads.get(GROUP, ROOT)?.ranges).toEqual([{ from: ROOT, to: 12 }]);
    store.setPeer(makePeer(GROUP, { kind: 'supergroup', isMember: false }));
    replies = [reply(12), reply(15)];
    await loader.open(CHANNEL, POST);
    expect(store.threads.get(GROUP, ROOT)).toMatchObject({ topId: 15, count: 2, ranges: [{ from: ROOT, to: ROOT }] });
  });

  test('counts of open posts come from the server', async () => {
    store.isShown = () => true;
    store.putMessage(readMessage({ ...groupMessage(POST), peerId: { _: 'peerChannel', channelId: 8 }, post: true, replies: { _: 'messageReplies', comments: true, channelId: GROUP_ID, replies: 1, repliesPts: 2 } }, SELF)!);
    await new ThreadLoader(account).count(CHANNEL, [POST]);
    expect(store.message(CHANNEL, POST)?.replies).toMatchObject({ count: 4, version: 9, group: GROUP });
  });
});
