import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LocalFile } from '../src/protocol/index.ts';
import { FileCache } from '../src/worker/files/file-cache.ts';
import { Database } from '../src/worker/store/database.ts';
import { Store } from '../src/worker/store/store.ts';
import { keepUnsentFile } from '../src/worker/store/unsent-files.ts';
import { SELF } from './made.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const openStore = async (database: Database): Promise<Store> => {
  const store = new Store(database, { stage: 'ready', me: SELF, connection: 'connected', isTestMode: false }, () => undefined);
  await store.load();
  return store;
};

const row = (key: string, local?: LocalFile) => ({ key, randomId: key, id: 0, peer: 5, from: SELF, date: 1, isOut: true, text: key, local, state: 'sending' as const });

/** Makes the database refuse Blobs, as it does in a private window of Safari. Here the call throws; there the request fails later. Nothing of the transaction is stored in both cases. */
function refuseBlobs(): void {
  const put = IDBObjectStore.prototype.put;
  const hasBlob = (value: unknown): boolean => value instanceof Blob || (typeof value === 'object' && value !== null && !(value instanceof ArrayBuffer) && Object.values(value).some(hasBlob));
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function refusing(this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    if (hasBlob(value)) throw new DOMException('a Blob cannot be stored', 'DataCloneError');
    return put.call(this, value, key);
  } as typeof put);
}

test('a file that was not sent is there after a reload, where no Blob can be stored; a long one is asked for again', async () => {
  refuseBlobs();
  const warn = vi.spyOn(console, 'warn');
  const database = await Database.open();
  const store = await openStore(database);
  const short: LocalFile = { file: new Blob(['film'], { type: 'video/mp4' }), thumb: new Blob(['still'], { type: 'image/jpeg' }), as: 'video', name: 'film.mp4', width: 4 };
  const long: LocalFile = { file: new Blob([new Uint8Array(17 * 1024 * 1024)], { type: 'application/zip' }), as: 'file', name: 'long.zip' };
  for (const [key, file] of [['1', short], ['2', long]] as const) {
    store.putOutgoing(row(key, file));
    await keepUnsentFile(database, key, file);
  }
  store.putOutgoing(row('3'));
  await database.flush();

  const later = (await openStore(database)).outgoing(5);
  expect(later.map(({ key }) => key)).toEqual(['1', '2', '3']);
  const [first, second] = later;
  expect(first!.local).toMatchObject({ as: 'video', name: 'film.mp4', width: 4 });
  expect([await first!.local!.file.text(), first!.local!.file.type]).toEqual(['film', 'video/mp4']);
  expect([await first!.local!.thumb!.text(), first!.local!.thumb!.type]).toEqual(['still', 'image/jpeg']);
  expect([second!.local!.file.size, second!.local!.file.type, second!.local!.thumb]).toEqual([0, 'application/zip', undefined]);
  expect(warn).not.toHaveBeenCalled();
});

test('the bytes go when the file was uploaded, and when the message is given up', async () => {
  const database = await Database.open();
  const store = await openStore(database);
  const file: LocalFile = { file: new Blob(['x']), as: 'file', name: 'x' };
  for (const key of ['1', '2']) {
    store.putOutgoing(row(key, file));
    await keepUnsentFile(database, key, file);
  }
  expect(await database.listKeys('outbox')).toEqual(['1', '2', 'file:1', 'file:2']);
  store.putOutgoing({ ...row('1', file), uploaded: { _: 'inputMediaEmpty' } });
  expect(await database.listKeys('outbox')).toEqual(['1', '2', 'file:2']);
  store.removeOutgoing(5, '2');
  expect(await database.listKeys('outbox')).toEqual(['1']);
});

test('loaded files are kept where no Blob can be stored', async () => {
  refuseBlobs();
  const database = await Database.open();
  await new FileCache(database).put('photo:1', new Blob(['bytes'], { type: 'image/png' }));
  const found = await new FileCache(database).get('photo:1');
  expect([await found?.text(), found?.type]).toEqual(['bytes', 'image/png']);
});

test('what the browser refuses to store is left out, and what was to be written with it is not', async () => {
  refuseBlobs();
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  const database = await Database.open();
  database.put('facts', 'before', 1);
  database.put('facts', 'refused', new Blob(['x']));
  database.put('facts', 'after', 2);
  await database.flush();
  expect(await database.list('facts')).toEqual([2, 1]);
  expect(await database.listKeys('facts')).toEqual(['after', 'before']);
  expect(warn).toHaveBeenCalledOnce();
});
