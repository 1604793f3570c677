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
