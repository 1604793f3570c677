import 'fake-indexeddb/auto';
import Long from 'long';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileRef } from '../src/protocol/index.ts';
import type { Account } from '../src/worker/account.ts';
import { FileLoader } from '../src/worker/files/file-loader.ts';
import type { HistoryLoader } from '../src/worker/load-history.ts';
import type { MessageRow } from '../src/worker/models/message.ts';
import { Database } from '../src/worker/store/database.ts';

const PART = 512 * 1024;
const FILE: FileRef = { of: 'message', peer: 5, message: 1, file: '77', size: '' };

/** What the server is asked for: a part of a file, with what may stop it. */
interface Asked {
  offset: number;
  limit: number;
  answer(): void;
  fail(code: string): void;
}

/** A server with one file, which answers when the test says so. */
class FakeServer {
  readonly content: Uint8Array;
  readonly asked: Asked[] = [];
  reloads = 0;
  isAtOnce = true;

  constructor(bytes: number) {
    this.content = Uint8Array.from({ length: bytes }, (_, index) => index % 251);
  }

  call({ offset, limit }: { offset: number; limit: number }, { abortSignal }: { abortSignal?: AbortSignal }): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const answer = (): void => resolve({ _: 'upload.file', bytes: this.content.slice(offset, offset + limit) });
      abortSignal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      this.asked.push({ offset, limit, answer, fail: (text) => reject(Object.assign(new Error(text), { code: 400, text })) });
      if (this.isAtOnce) answer();
    });
  }

  /** How long the file may be seen, in seconds. */
  ttl: number | undefined;

  get row(): MessageRow {
    const document = { id: '77', mime: 'video/mp4', bytes: this.content.length };
    const location = { kind: 'document' as const, id: '77', accessHash: Long.ONE.toString(), fileReference: Uint8Array.of(1), dc: 2 };
    return { key: '1', id: 1, peer: 5, from: 5, date: 1, isOut: false, text: '', media: { kind: 'document', role: 'file', document, ttl: this.ttl }, locations: { 77: location } };
  }
}

let database: Database;
beforeEach(async () => {
  await Database.erase();
  database = await Database.open();
});
afterEach(() => database.close());

function createLoader(server: FakeServer): FileLoader {
  const history: Pick<HistoryLoader, 'get' | 'reload'> = {
    get: () => Promise.resolve([server.row]),
    reload: () => {
      server.reloads++;
      return Promise.resolve([server.row]);
    },
  };
  const account = { database, client: { call: (request: { offset: number; limit: number }, options: object) => server.call(request, options) } };
  return new FileLoader(account as unknown as Account, history as HistoryLoader);
}

/** Whether a file has this content; comparing it by `expect` takes seconds. */
async function hasContent(blob: Blob, content: Uint8Array): Promise<boolean> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return bytes.length === content.length && bytes.every((byte, at) => byte === content[at]);
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
};

test('loads a file in parts, tells how far it is, and keeps it', async () => {
  const server = new FakeServer(PART * 2 + 1000);
  const loader = createLoader(server);
  const told: number[] = [];
  const blob = await loader.load(FILE, (loaded) => told.push(loaded));
  expect(await hasContent(blob, server.content)).toBe(true);
  expect(server.asked.map(({ offset, limit }) => [offset, limit])).toEqual([[0, PART], [PART, PART], [PART * 2, 4096]]);
  expect(told.at(-1)).toBe(server.content.length);
  await loader.load(FILE, () => undefined);
  expect(server.asked).toHaveLength(3);
});

test('keeps nothing of a file that disappears after it was seen', async () => {
  const server = new FakeServer(1000);
  server.ttl = 3;
  const loader = createLoader(server);
  expect((await loader.load(FILE, () => undefined)).size).toBe(1000);
  expect(await database.listKeys('files')).toEqual([]);
});

test('goes on where a transfer was stopped', async () => {
  const server = new FakeServer(PART * 4);
  const loader = createLoader(server);
  server.isAtOnce = false;
  const stopped = loader.load(FILE, () => undefined);
  await until(() => server.asked.length === 3);
  server.asked[0]!.answer();
  server.asked[2]!.answer();
  await until(() => server.asked.length === 4);
  loader.cancel(FILE);
  await expect(stopped).rejects.toThrow('CANCELLED');
  server.isAtOnce = true;
  expect(await hasContent(await loader.load(FILE, () => undefined), server.content)).toBe(true);
  // Only what had not come is asked for again.
  expect(server.asked.slice(4).map(({ offset }) => offset / PART)).toEqual([1, 3]);
});

test('asks for the message again when its reference is too old', async () => {
  const server = new FakeServer(100);
  const loader = createLoader(server);
  server.isAtOnce = false;
  const loading = loader.load(FILE, () => undefined);
  await until(() => server.asked.length === 1);
  server.isAtOnce = true;
  server.asked[0]!.fail('FILE_REFERENCE_EXPIRED');
  expect((await loading).size).toBe(100);
  expect(server.reloads).toBe(1);
});

test('gives the bytes from any place on, and says what they are', async () => {
  const server = new FakeServer(PART + 5000);
  server.content.set(Array.from('\0\0\0\x18ftypisom', (character) => character.charCodeAt(0)));
  const loader = createLoader(server);
  const { bytes, total, type } = await loader.part(FILE, PART + 10);
  expect([total, type, bytes.byteLength]).toEqual([PART + 5000, 'video/mp4', 4990]);
  expect(await hasContent(new Blob([bytes]), server.content.slice(PART + 10))).toBe(true);
  await loader.part(FILE, 7);
  // The first part says what the file is, so it is there already.
  expect(server.asked).toHaveLength(2);
  expect((await loader.part(FILE, PART + 5000)).bytes.byteLength).toBe(0);
});
