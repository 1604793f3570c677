import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { tlPeer } from '../src/worker/models/ids.ts';
import { reduce } from '../src/worker/reduce/index.ts';
import { makeChat, makeContext, makePeer, rawUpdate } from './made.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const dialog = (id: number): tl.TypeDialogPeer => ({ _: 'dialogPeer', peer: tlPeer(id) });
const CHANNEL = -1_000_000_000_009;

describe('the list of chats', () => {
  test('what was read elsewhere', async () => {
    const { store, context } = await makeContext();
    store.setChat(makeChat(5, { unread: 3, topId: 10 }));
    reduce(context, rawUpdate({ _: 'updateReadHistoryInbox', peer: tlPeer(5), maxId: 8, stillUnreadCount: 1, pts: 1, ptsCount: 1 }));
    expect(store.chats.get(5)).toMatchObject({ unread: 1, readInboxId: 8 });
  });

  test('what was read elsewhere before newer messages came: the server is asked how many are unread', async () => {
    const { store, context, asked } = await makeContext();
    const read = (maxId: number, stillUnreadCount: number): void => reduce(context, rawUpdate({ _: 'updateReadHistoryInbox', peer: tlPeer(5), maxId, stillUnreadCount, pts: 1, ptsCount: 1 }));
    store.setChat(makeChat(5, { unread: 3, topId: 10, readInboxId: 7 }));
    read(10, 0);
    expect([store.chats.get(5)?.unread, asked.chats]).toEqual([0, []]);
    // A difference has the messages 11 to 13 first.
    store.setChat(makeChat(5, { unread: 6, topId: 13, readInboxId: 7 }));
    read(10, 0);
    expect([store.chats.get(5)?.readInboxId, asked.chats]).toEqual([10, [5]]);
    // This device has read more meanwhile.
    store.setChat(makeChat(5, { unread: 0, topId: 13, readInboxId: 13 }));
    read(11, 2);
    expect(store.chats.get(5)).toMatchObject({ unread: 0, readInboxId: 13 });
    store.setChat(makeChat(CHANNEL, { unread: 2, topId: 9 }));
    reduce(context, rawUpdate({ _: 'updateReadChannelInbox', channelId: 9, maxId: 7, stillUnreadCount: 0, pts: 1 }));
    expect(asked.chats).toEqual([5, 5, CHANNEL]);
  });

  test('a pinned chat stands first; the order of the server counts', async () => {
    const { store, context, asked } = await makeContext();
    store.setChat(makeChat(5, { pinned: 0 }));
    store.setChat(makeChat(6));
    reduce(context, rawUpdate({ _: 'updateDialogPinned', peer: dialog(6), pinned: true }));
    expect(store.chats.get(6)!.pinned!).toBeLessThan(store.chats.get(5)!.pinned!);
    reduce(context, rawUpdate({ _: 'updatePinnedDialogs', order: [dialog(5), dialog(7)] }));
    expect([store.chats.get(5)?.pinned, store.chats.get(6)?.pinned]).toEqual([0, undefined]);
    expect(asked.chats).toEqual([7]);
  });

  test('a chat goes into the archive and loses its pin; one that is not known is asked for', async () => {
    const { store, context, asked } = await makeContext();
    store.setChat(makeChat(5, { pinned: 0 }));
    const folderPeers: tl.TypeFolderPeer[] = [5, 6].map((id) => ({ _: 'folderPeer', peer: tlPeer(id), folderId: 1 }));
    reduce(context, rawUpdate({ _: 'updateFolderPeers', folderPeers, pts: 1, ptsCount: 1 }));
    expect(store.chats.get(5)).toMatchObject({ isArchived: true, pinned: undefined });
    expect(asked.chats).toEqual([6]);
  });

  test('mutes of one chat and of all chats of a kind', async () => {
    const { store, context } = await makeContext();
    store.setChat(makeChat(5));
    store.setPeer(makePeer(5));
    const mute = (peer: tl.TypeNotifyPeer, muteUntil: number): void =>
      reduce(context, rawUpdate({ _: 'updateNotifySettings', peer, notifySettings: { _: 'peerNotifySettings', muteUntil } }));
    mute({ _: 'notifyUsers' }, 700);
    expect(store.shownChat(5)?.mutedUntil).toBe(700);
    mute({ _: 'notifyPeer', peer: tlPeer(5) }, 0);
    expect(store.shownChat(5)?.mutedUntil).toBe(0);
  });

  test('a channel that was left leaves the list; a basic group stays until its history is deleted', async () => {
    const { store, context } = await makeContext();
    for (const [id, kind] of [[CHANNEL, 'channel'], [-4, 'group']] as const) {
      store.setChat(makeChat(id));
      store.setPeer(makePeer(id, { kind, isMember: false }));
    }
    reduce(context, rawUpdate({ _: 'updateChannel', channelId: 9 }));
    reduce(context, rawUpdate({ _: 'updateChat', chatId: 4 }));
    expect([...store.chats.keys()]).toEqual([-4]);
  });

  test('a cleared channel has no old messages', async () => {
    const { store, context, asked } = await makeContext();
    store.setChat(makeChat(CHANNEL, { topId: 2 }));
    for (const id of [1, 2, 3]) store.putMessage({ key: `${id}`, id, peer: CHANNEL, from: CHANNEL, date: id, isOut: false, text: '' });
    reduce(context, rawUpdate({ _: 'updateChannelAvailableMessages', channelId: 9, availableMinId: 2 }));
    expect((await store.listMessages(CHANNEL, 1, 9)).map(({ id }) => id)).toEqual([3]);
    expect(asked.chats).toEqual([CHANNEL]);
  });

  test('facts come back from the database', async () => {
    const { store } = await makeContext();
    store.setFact('recents', [5, 6]);
    store.setFact('mutes', { users: 1, groups: 2, channels: 3 });
    await store.listMessages(1, 1, 1);
    const { store: again } = await makeContext();
    await again.load();
    expect(again.facts).toMatchObject({ recents: [5, 6], mutes: { groups: 2 }, folders: [] });
  });
});
