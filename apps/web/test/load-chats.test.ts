import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Account } from '../src/worker/account.ts';
import { ChatLoader } from '../src/worker/load-chats.ts';
import { tlPeer } from '../src/worker/models/ids.ts';
import { readMessage } from '../src/worker/models/message.ts';
import type { Store } from '../src/worker/store/store.ts';
import { makeChat, makeContext, SELF } from './made.ts';

const BOB = 7;

const message = (id: number): tl.RawMessage => ({ _: 'message', id, peerId: tlPeer(BOB), fromId: tlPeer(BOB), date: 100 + id, message: `text ${id}` });

/** The row of a chat with Bob as the server tells it. */
const rowUpTo = (topMessage: number, readInboxMaxId: number): tl.messages.RawPeerDialogs =>
  ({ dialogs: [{ _: 'dialog', peer: tlPeer(BOB), topMessage, unreadCount: topMessage - readInboxMaxId, readInboxMaxId, notifySettings: {} }], messages: [message(topMessage)] }) as never;

describe('a row of the list that is newer here than in an answer', () => {
  let store: Store;
  let answers: number;
  /** The newest message that the server tells in its n-th answer. */
  let topOf: (answer: number) => number;
  /** Up to which message the chat is read in that answer. */
  let readOf: (answer: number) => number;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    ({ store } = await makeContext());
    store.putMessage(readMessage(message(10), SELF)!);
    store.setChat(makeChat(BOB, { topId: 10, unread: 0 }));
    answers = 0;
    readOf = () => 8;
    const account = {
      store,
      me: SELF,
      inputPeer: () => Promise.resolve({ _: 'inputPeerUser' }),
      call: () => Promise.resolve(rowUpTo(topOf(++answers), readOf(answers))),
      database: { flush: () => Promise.resolve() },
    };
    const loader = new ChatLoader(account as unknown as Account);
    loader.refresh([BOB]);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is asked for again until the answer is new enough', async () => {
    topOf = (answer) => (answer < 3 ? 9 : 10);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(answers).toBe(3);
    expect(store.chats.get(BOB)).toMatchObject({ topId: 10, unread: 2 });
  });

  test('stays read if it was read while the answer was on its way', async () => {
    topOf = () => 10;
    store.changeChat(BOB, () => ({ readInboxId: 10 }));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(answers).toBe(1);
    expect(store.chats.get(BOB)).toMatchObject({ topId: 10, unread: 0, readInboxId: 10 });
  });

  test('is asked for again if it was read and a message came while the answer was on its way', async () => {
    topOf = () => 11;
    readOf = (answer) => (answer < 2 ? 8 : 10);
    store.changeChat(BOB, () => ({ readInboxId: 10 }));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(answers).toBe(2);
    expect(store.chats.get(BOB)).toMatchObject({ topId: 11, unread: 1, readInboxId: 10 });
  });

  test('keeps what was set while the answer was on its way', async () => {
    topOf = () => 10;
    readOf = () => {
      store.changeChat(BOB, () => ({ pinned: 3, mutedUntil: 99 }));
      return 10;
    };
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.chats.get(BOB)).toMatchObject({ topId: 10, pinned: 3, mutedUntil: 99 });
  });

  test('is not asked for again for ever: in the end the server is right', async () => {
    topOf = () => 9;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(answers).toBe(6);
    expect(store.chats.get(BOB)).toMatchObject({ topId: 9, unread: 1 });
  });
});

test('a pinned row that is loaded alone takes its place among the pinned ones', async () => {
  const { store } = await makeContext();
  store.setChat(makeChat(5, { pinned: 0 }));
  const apply = vi.fn<(update: tl.TypeUpdate) => void>();
  const pinned = [5, BOB].map((id) => ({ _: 'dialog', peer: tlPeer(id) }));
  const row = rowUpTo(10, 10);
  Object.assign(row.dialogs[0]!, { pinned: true });
  const account = {
    store,
    me: SELF,
    apply,
    inputPeer: () => Promise.resolve({ _: 'inputPeerUser' }),
    call: ({ _: method }: tl.RpcMethod) => Promise.resolve(method === 'messages.getPinnedDialogs' ? { dialogs: pinned } : row),
    database: { flush: () => Promise.resolve() },
  };
  const loader = new ChatLoader(account as unknown as Account);
  await loader.load([BOB]);
  expect(apply).toHaveBeenCalledExactlyOnceWith({ _: 'updatePinnedDialogs', folderId: 0, order: [5, BOB].map((id) => ({ _: 'dialogPeer', peer: tlPeer(id) })) });
  // What is known already keeps its place.
  await loader.load([BOB]);
  expect(apply).toHaveBeenCalledOnce();
});

test('pinned chats that fill several pages keep their order', async () => {
  const { store } = await makeContext();
  const page = (peer: number): unknown => ({
    _: 'messages.dialogsSlice',
    dialogs: [{ _: 'dialog', peer: tlPeer(peer), pinned: true, topMessage: 10, notifySettings: {} }],
    messages: [{ ...message(10), peerId: tlPeer(peer) }],
  });
  const pages = [page(5), page(6)];
  const account = { store, me: SELF, inputPeer: () => Promise.resolve({ _: 'inputPeerUser' }), call: () => Promise.resolve(pages.shift()), database: { flush: () => Promise.resolve() } };
  const loader = new ChatLoader(account as unknown as Account);
  await loader.more(0);
  await loader.more(0);
  expect([5, 6].map((peer) => store.chats.get(peer)?.pinned)).toEqual([0, 1]);
});
