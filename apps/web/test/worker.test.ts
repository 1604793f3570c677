import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ToPage, ToWorker } from '../src/protocol/index.ts';
import { Database } from '../src/worker/store/database.ts';
import { type Port, WebWorker } from '../src/worker/worker.ts';
import { makeChat, SELF } from './made.ts';

// Wasm needs a bundler, and the server is never reached.
vi.mock('../src/worker/connect.ts', () => ({ createClient: () => new Promise(() => undefined) }));

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  const database = await Database.open();
  database.put('session', 'me', SELF);
  database.put('chats', 5, makeChat(5, { unread: 3 }));
  await database.flush();
  database.close();
});
afterEach(() => void vi.unstubAllGlobals());

const HELLO: ToWorker = { type: 'hello', build: 'b', origin: 'http://localhost', language: 'en', hidden: false };
const OPEN_FOLDERS: ToWorker = { type: 'open', view: 1, name: 'folders', say: {} };

/** A page that says something to a worker. */
function connect(worker: WebWorker): { told: ToPage[]; say(message: ToWorker): void } {
  const told: ToPage[] = [];
  const port: Port = { postMessage: (message) => void told.push(message as ToPage), onmessage: null };
  worker.connect(port);
  return { told, say: (data) => port.onmessage?.({ data } as MessageEvent<ToWorker>) };
}

const viewsOf = (told: ToPage[]): number[] => told.flatMap((message) => (message.type === 'patches' ? (message.views ?? []).map(({ view }) => view) : []));

describe('the worker', () => {
  test('a view that a page opens while the worker starts is shown when it has started', async () => {
    const page = connect(new WebWorker('b'));
    page.say(HELLO);
    page.say(OPEN_FOLDERS);
    await expect.poll(() => viewsOf(page.told), { timeout: 10_000 }).toContain(1);
  });

  test('a page that is left while the worker starts is told nothing', async () => {
    const worker = new WebWorker('b');
    const [left, stays] = [connect(worker), connect(worker)];
    left.say(HELLO);
    left.say(OPEN_FOLDERS);
    left.say({ type: 'bye' });
    stays.say(HELLO);
    stays.say(OPEN_FOLDERS);
    await expect.poll(() => viewsOf(stays.told), { timeout: 10_000 }).toContain(1);
    expect(left.told).toEqual([]);
  });
});
