import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Chat, FoldersView } from '../src/protocol/index.ts';
import type { Account } from '../src/worker/account.ts';
import type { ChatLoader } from '../src/worker/load-chats.ts';
import { MuteTimer } from '../src/worker/mute-timer.ts';
import type { Store } from '../src/worker/store/store.ts';
import { TypingList } from '../src/worker/store/typing-list.ts';
import { ChatListView } from '../src/worker/views/chats-view.ts';
import { FolderTabsView } from '../src/worker/views/folders-view.ts';
import { makeChat, makeContext, makePeer } from './made.ts';

const BOB = 7;
const NOW = 1_800_000_000;
const DAY = 86_400;

describe('a mute for a time', () => {
  let store: Store;
  let timer: MuteTimer;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOW * 1000 });
    ({ store } = await makeContext());
    store.setPeer(makePeer(BOB));
    timer = new MuteTimer(store);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Changes the row of the chat with Bob, as an update does. */
  const set = (values: Partial<Chat>): void => {
    store.setChat(makeChat(BOB, { unread: 2, ...values }));
    timer.check();
    store.takeChanges();
  };
  const pass = async (seconds: number): Promise<boolean> => {
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    return store.takeChanges().mutes;
  };

  test('ends by itself: the title, the folders and the row change', async () => {
    store.setFact('folders', [{ id: 2, title: 'Loud', pinned: [], included: [], excluded: [], has: { nonContacts: true }, without: { muted: true } }]);
    set({ mutedUntil: NOW + 60 });
    const account = { store, typing: new TypingList(() => undefined), firstChats: Promise.resolve() } as unknown as Account;
    const loader = { hasArchive: false, all: vi.fn<() => Promise<void>>(() => Promise.resolve()), hasMore: () => false } as unknown as ChatLoader;
    const tabs = new FolderTabsView({ account, loader });
    const loud = new ChatListView({ account, loader, say: { list: 2 } });
    const main = new ChatListView({ account, loader, say: { list: 'main' } });
    const views = [tabs, loud, main] as const;
    await Promise.all(views.map((view) => view.start()));
    const loads = vi.mocked(loader.all).mock.calls.length;
    expect(tabs.takePatch()).toMatchObject({ badge: 0, folders: [{ id: 0, unread: 1, isMuted: true }, { id: 2, unread: 0 }] } satisfies Partial<Record<keyof FoldersView, unknown>>);
    expect(loud.takePatch()?.order).toEqual([]);
    expect(main.takePatch()?.items?.[BOB]?.isMuted).toBe(true);

    await vi.advanceTimersByTimeAsync(60_000);
    const changes = store.takeChanges();
    for (const view of views) view.notice(changes);
    expect(tabs.takePatch()).toMatchObject({ badge: 2, folders: [{ id: 0, unread: 1, isMuted: false }, { id: 2, unread: 1, isMuted: false }] });
    expect(loud.takePatch()?.order).toEqual([BOB]);
    expect(main.takePatch()?.items?.[BOB]?.isMuted).toBe(false);
    // Nothing has to be loaded for that.
    expect(vi.mocked(loader.all).mock.calls).toHaveLength(loads);
  });

  test('of all chats of a kind ends, too', async () => {
    store.setFact('mutes', { users: NOW + 60, groups: 0, channels: 0 });
    set({});
    expect(await pass(59)).toBe(false);
    expect(await pass(1)).toBe(true);
  });

  test('may be longer than a timer can be', async () => {
    set({ mutedUntil: NOW + 60 * DAY });
    expect(await pass(60 * DAY - 1)).toBe(false);
    expect(await pass(1)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that is changed ends when it says now, by the same timer', async () => {
    set({ mutedUntil: NOW + 500 });
    set({ mutedUntil: NOW + 100 });
    expect(vi.getTimerCount()).toBe(1);
    expect(await pass(100)).toBe(true);
    set({ mutedUntil: NOW + 200 });
    set({ mutedUntil: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that ended while the device slept is noted when the device wakes', () => {
    set({ mutedUntil: NOW + 3600 });
    vi.setSystemTime((NOW + 7200) * 1000);
    timer.check();
    expect(store.takeChanges().mutes).toBe(true);
    timer.check();
    expect(store.takeChanges().mutes).toBe(false);
  });
});
