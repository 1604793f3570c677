import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { joinLists } from '../src/page/history/offered-order.ts';
import type { Account } from '../src/worker/account.ts';
import type { ChatLoader } from '../src/worker/load-chats.ts';
import type { Store } from '../src/worker/store/store.ts';
import { ChatListView } from '../src/worker/views/chats-view.ts';
import { makeChat, makeContext, makePeer, SELF } from './made.ts';

const BOB = 5;
const CHANNEL = -1_000_000_000_009;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** A view of a list, and the order that it told last. */
async function open({ store, typing }: Pick<Account, 'store' | 'typing'>, list: 'main' | 'archive'): Promise<{ tell(): number[] | undefined }> {
  const loader = { more: () => Promise.resolve(), hasMore: () => false } as unknown as ChatLoader;
  const view = new ChatListView({ account: { store, typing } as Account, loader, say: { list } });
  await view.start();
  let order = view.takePatch()?.order;
  return {
    tell() {
      view.notice(store.takeChanges());
      order = view.takePatch()?.order ?? order;
      return order;
    },
  };
}

describe('the list of chats', () => {
  const channel = (store: Store, isMember: boolean): void => store.setPeer(makePeer(CHANNEL, { kind: 'channel', isMember }));

  test('a channel that is only looked at is not listed, whatever comes of it, until it is joined', async () => {
    const { store, context } = await makeContext();
    store.setChat(makeChat(BOB));
    const list = await open(context, 'main');
    channel(store, false);
    store.setChat(makeChat(CHANNEL, { date: 9 }));
    expect(list.tell()).toEqual([BOB]);
    store.changeChat(CHANNEL, () => ({ topId: 2, date: 10, unread: 1 }));
    expect(list.tell()).toEqual([BOB]);
    channel(store, true);
    expect(list.tell()).toEqual([CHANNEL, BOB]);
    channel(store, false);
    expect(list.tell()).toEqual([BOB]);
  });

  test('a row that was known before its channel leaves the list with what is told of the channel', async () => {
    const { store, context } = await makeContext();
    store.setChat(makeChat(CHANNEL));
    const list = await open(context, 'main');
    expect(list.tell()).toEqual([CHANNEL]);
    channel(store, false);
    expect(list.tell()).toEqual([]);
  });

  test('a chat that is archived while both lists are being opened is offered once', async () => {
    const { store, context } = await makeContext();
    store.setChat(makeChat(BOB));
    const main = new ChatListView({ account: context as unknown as Account, loader: {} as ChatLoader, say: { list: 'main' } });
    await main.start();
    store.changeChat(BOB, () => ({ isArchived: true }));
    const archive = new ChatListView({ account: context as unknown as Account, loader: {} as ChatLoader, say: { list: 'archive' } });
    await archive.start();
    // The page gets both before the first list is told of the change.
    const orders = [main, archive].map((view) => view.takePatch()?.order ?? []);
    expect(orders).toEqual([[BOB], [BOB]]);
    expect(joinLists(SELF, ...orders)).toEqual([SELF, BOB]);
  });
});
