import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MessageRow } from '../src/worker/models/message.ts';
import { FileCache } from '../src/worker/files/file-cache.ts';
import { Database } from '../src/worker/store/database.ts';
import { Store } from '../src/worker/store/store.ts';

let database: Database;
beforeEach(async () => {
  await Database.erase();
  database = await Database.open();
});
afterEach(() => database.close());

const createStore = (): Store => new Store(database, { stage: 'ready', connection: 'connected', isTestMode: false }, () => undefined);
const message = (peer: number, id: number): MessageRow => ({ key: String(id), id, peer, from: peer, date: id, isOut: false, text: `${id}` });

function fill(store: Store, peer: number, count: number): void {
  for (let id = 1; id <= count; id++) store.putMessage(message(peer, id));
  store.addRange(peer, { from: 1, to: count });
}

test('keeps the newest messages of a chat, and knows that it does not know the others', async () => {
  const store = createStore();
  fill(store, 5, 250);
  fill(store, 6, 3);
  await store.trim(5);
  await store.trim(6);
  expect((await store.listMessages(5, 0, 1000)).map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, index) => index + 51));
  expect(store.ranges(5)).toEqual([{ from: 51, to: 250 }]);
  expect(store.ranges(6)).toEqual([{ from: 1, to: 3 }]);
});

test('keeps all messages while somebody reads them', async () => {
  const store = createStore();
  store.isShown = (_, id) => id === 10;
  fill(store, 5, 250);
  await store.trim(5);
  expect(store.ranges(5)).toEqual([{ from: 1, to: 250 }]);
});

test('keeps the newest chats and those that are pinned', async () => {
  const before = createStore();
  for (let peer = 1; peer <= 510; peer++) {
    before.setChat({ peer, topId: 1, date: peer, unread: 0, mentions: 0, readInboxId: 0, readOutboxId: 0, ...(peer === 2 ? { pinned: 0 } : {}) });
    before.putMessage(message(peer, 1));
    before.addRange(peer, { from: 1, to: 1 });
  }
  await database.flush();
  const store = createStore();
  await store.load();
  expect(store.chats.size).toBe(501);
  expect(store.chats.has(2)).toBe(true);
  expect([store.chats.has(1), store.ranges(1)]).toEqual([false, []]);
  expect(await store.findMessage(3, 1)).toBeUndefined();
});

test('sends what was written first before the others, also after a reload', async () => {
  const before = createStore();
  for (const key of ['9', '1', '5', '3']) before.putOutgoing({ ...message(5, 0), key });
  before.putOutgoing({ ...message(5, 0), key: '1', state: 'failed' });
  await database.flush();
  const store = createStore();
  await store.load();
  expect(store.outgoing(5).map(({ key }) => key)).toEqual(['9', '1', '5', '3']);
});

const withPhoto = (row: MessageRow, photo: string): MessageRow => {
  const location = { kind: 'photo' as const, id: photo, accessHash: '1', fileReference: Uint8Array.of(1), dc: 2 };
  return { ...row, media: { kind: 'photo', photo: { id: photo, sizes: [] } }, locations: { [photo]: location } };
};

test('forgets the files of a message with the message', async () => {
  const store = createStore();
  const cache = new FileCache(database);
  store.putMessage(withPhoto(message(5, 1), '77'));
  store.putMessage(withPhoto(message(5, 2), '7'));
  for (const key of ['77:m', '77:x', '7:m']) await cache.put(key, new Blob(['x']));
  // Of a message that is not in memory, the row in the database says what it had.
  store.release(5);
  store.removeMessage(5, 1);
  await database.flush();
  expect(await database.listKeys('files')).toEqual(['7:m']);
  expect((await store.listMessages(5, 0, 9)).map(({ id }) => id)).toEqual([2]);
});

test('forgets messages and files of a chat that was left', async () => {
  const store = createStore();
  const cache = new FileCache(database);
  for (const peer of [5, 6]) {
    store.setChat({ peer, topId: 3, date: 1, unread: 0, mentions: 0, readInboxId: 0, readOutboxId: 0 });
    fill(store, peer, 3);
  }
  store.putMessage(withPhoto(message(5, 2), '77'));
  await cache.put('77:m', new Blob(['x']));
  await store.trim(5);
  store.takeChanges();
  store.removeChat(5);
  const { messages, voided } = store.takeChanges();
  // Open windows learn that there is nothing left.
  expect([[...(messages.get(5) ?? [])], [...voided], store.message(5, 3), store.ranges(5)]).toEqual([[1, 2, 3], [5], undefined, []]);
  // What comes after that stays.
  store.putMessage(message(5, 4));
  await database.flush();
  expect((await database.list<MessageRow>('messages')).map(({ peer, id }) => [peer, id])).toEqual([[5, 4], [6, 1], [6, 2], [6, 3]]);
  expect(await database.listKeys('files')).toEqual([]);
});

test('keeps the files that were used last', async () => {
  const cache = new FileCache(database, 100);
  const blob = (bytes: number): Blob => new Blob([new Uint8Array(bytes)]);
  await cache.put('first', blob(40));
  await cache.put('second', blob(40));
  await cache.put('third', blob(40));
  expect(await Promise.all(['first', 'second', 'third'].map(async (key) => (await cache.get(key))?.size))).toEqual([undefined, 40, 40]);
});

test('is empty after its end, also where another connection does not let go of it', async () => {
  const store = createStore();
  fill(store, 5, 3);
  database.put('outbox', 'waiting', message(5, 0));
  await database.flush();
  const other = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('aerogram-account-1');
    request.onsuccess = () => resolve(request.result);
  });
  store.putMessage(message(5, 4));
  await database.end(20);
  const counts = [...other.objectStoreNames].map(async (name) => await new Promise<number>((resolve) => {
    const request = other.transaction(name).objectStore(name).count();
    request.onsuccess = () => resolve(request.result);
  }));
  expect(Math.max(...(await Promise.all(counts)))).toBe(0);
  other.close();
  database = await Database.open();
  expect(await database.list('outbox')).toEqual([]);
});

test('goes on without its cache when the browser gives no more room', async () => {
  const store = createStore();
  fill(store, 5, 3);
  database.put('files', 'file', { blob: new Blob(['x']), used: 1 });
  await database.flush();
  // The browser refuses writes of files and messages from now on.
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    if (this.name === 'files' || this.name === 'messages') throw new DOMException('no room', 'QuotaExceededError');
    return put.call(this, value, key);
  };
  try {
    database.put('files', 'other', { blob: new Blob(['y']), used: 2 });
    store.putMessage(message(5, 4));
    database.put('session', 'kv:state', 7);
    await database.flush();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  expect(await database.get('session', 'kv:state')).toBe(7);
  expect([await database.list('files'), await database.list('messages'), store.ranges(5)]).toEqual([[], [], []]);
});
