import 'fake-indexeddb/auto';
import Long from 'long';
import { expect, test, vi } from 'vitest';
import type { LocalFile } from '../src/protocol/index.ts';
import type { Account } from '../src/worker/account.ts';
import { Uploads } from '../src/worker/send/uploads.ts';

vi.mock('../src/worker/files/transfer.ts', () => ({
  uploadFile: async (_client: unknown, { abortSignal, progressCallback }: { abortSignal: AbortSignal; progressCallback(sent: number, total: number): void }) => {
    progressCallback(1, 2);
    await Promise.resolve();
    abortSignal.throwIfAborted();
    return { inputFile: { _: 'inputFile', id: Long.ONE, parts: 1, name: 'x', md5Checksum: '' } };
  },
}));

const file: LocalFile = { file: new Blob(['x']), as: 'photo', name: 'x.jpg' };
const photo = { _: 'photo', id: Long.fromNumber(8), accessHash: Long.ONE, fileReference: Uint8Array.of(1), date: 1, sizes: [], dcId: 2 };

function create(answer: () => unknown = () => ({ _: 'messageMediaPhoto', photo })): Uploads {
  return new Uploads({ client: {}, inputPeer: () => Promise.resolve({ _: 'inputPeerSelf' }), call: async () => answer() } as unknown as Account);
}

test('a file is known by its name once it has arrived, until it is dropped', async () => {
  const uploads = create();
  const told: number[] = [];
  const sending = uploads.start('a', { peer: 5, file }, (part) => told.push(part));
  expect(() => uploads.find('a')).toThrow('FILE_LOST');
  expect(await sending).toBe('photo');
  expect(told).toEqual([0.5]);
  expect(uploads.find('a')).toMatchObject({ input: { _: 'inputMediaPhoto', id: { id: Long.fromNumber(8) } }, media: { kind: 'photo' }, locations: { 8: { dc: 2 } } });
  uploads.drop('a');
  expect(() => uploads.find('a')).toThrow('FILE_LOST');
});

test('a file that is dropped on its way ends there, and one that the server does not take says why', async () => {
  const uploads = create();
  const sending = uploads.start('a', { peer: 5, file }, () => undefined);
  uploads.drop('a');
  await expect(sending).rejects.toThrow('CANCELLED');
  const refusing = create(() => {
    throw new Error('IMAGE_PROCESS_FAILED');
  });
  await expect(refusing.start('b', { peer: 5, file }, () => undefined)).rejects.toThrow('IMAGE_PROCESS_FAILED');
  expect(() => refusing.find('b')).toThrow('FILE_LOST');
});

test('files that nobody wants any more are forgotten after a hundred others', async () => {
  const uploads = create();
  for (let at = 0; at <= 100; at++) await uploads.start(String(at), { peer: 5, file }, () => undefined);
  expect(() => uploads.find('0')).toThrow('FILE_LOST');
  expect(uploads.find('1')).toBeDefined();
});
