import type { Domain, KeyState } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { ByteBudget, createFakeClock, createMetrics, type FakeClock, seededRandom, silentLogger } from '@aerogram/runtime';
import { decode, encode, LAYER, type tl } from '@aerogram/tl';
import { beforeEach, describe, expect, it } from 'vitest';

import { createDispatcher, defineMethod, type Dispatcher, type RpcAnswer } from '../src/index.ts';

const KIB = 1024;
const USER: KeyState = {
  authKeyId: 1n, permAuthKeyId: 1n, expires_date: undefined, dcId: 2, userId: 10n, bot: false, passwordPending: false, pendingUserId: undefined,
  deactivated: false, revoked: false, layer: LAYER, init: undefined, seenDate: 0,
};

describe('calls that carry parts of files or ask for them', () => {
  let clock: FakeClock;
  let room: ByteBudget;
  let dispatcher: Dispatcher;
  let key: KeyState;
  let msgId = 4n;
  /** What getFile answers. */
  let answer: () => Promise<Uint8Array>;
  /** What saveFilePart does with a part. */
  let store: (part: tl.upload.saveFilePart) => Promise<boolean>;
  let runs: number;
  let freed: tl.upload.File[];

  beforeEach(() => {
    clock = createFakeClock();
    room = new ByteBudget(1024 * KIB);
    key = USER;
    runs = 0;
    freed = [];
    store = () => Promise.resolve(true);
    answer = () => Promise.resolve(new Uint8Array(512 * KIB));
    const auth = { activity: { noteGuest: () => {}, note: () => {} }, findKeyState: () => Promise.resolve(key) };
    dispatcher = createDispatcher({
      methods: [
        defineMethod({
          method: 'upload.getFile', access: 'user', cost: 1, repeat: 'read', part: { direction: 'out', bytes: ({ limit }) => limit, free: (file) => freed.push(file) },
          handler: async () => {
            runs += 1;
            return { _: 'upload.file', type: { _: 'storage.fileUnknown' }, mtime: 0, bytes: await answer() };
          },
        }),
        defineMethod({
          method: 'upload.saveFilePart', access: 'user', cost: 1, repeat: 'idempotent', part: { direction: 'in', bytes: ({ bytes }) => bytes.length },
          limits: { maxBytes: 520 * KIB, bytes: { bytes: 512 * KIB } },
          handler: (_, part) => store(part),
        }),
      ],
      domain: { auth } as unknown as Domain, clock, random: seededRandom(1), log: silentLogger, metrics: createMetrics(),
      parts: { room, bytesPerSecond: 1024 * KIB },
    });
  });

  const session = { authKeyId: 1n, sessionId: 2n, remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 443 };
  const call = (request: tl.AnyMethod): Promise<RpcAnswer> => dispatcher.dispatch({ session, msgId: (msgId += 4n), body: encode(request) });
  const get = (offset: bigint, limit = 512 * KIB): Promise<RpcAnswer> =>
    call({ _: 'upload.getFile', location: { _: 'inputDocumentFileLocation', id: 1n, access_hash: 1n, file_reference: new Uint8Array(0), thumb_size: '' }, offset, limit });
  const save = (file_part: number): Promise<RpcAnswer> => call({ _: 'upload.saveFilePart', file_id: 1n, file_part, bytes: new Uint8Array(512 * KIB) });

  it('free the part of an answer once it has been encoded', async () => {
    const bytes = new Uint8Array(1024).fill(7);
    answer = () => Promise.resolve(bytes);
    const { body } = await get(0n, 1024);
    expect(freed.map((file) => file._ === 'upload.file' && file.bytes)).toEqual([bytes]);
    expect((decode(body) as tl.upload.file).bytes).toEqual(bytes);
    answer = () => Promise.reject(rpcError('FILE_ID_INVALID'));
    expect((await get(1024n, 1024)).error).toBe('FILE_ID_INVALID');
    expect(freed).toHaveLength(1);
  });

  it('have an allowance of bytes for each account, and cost no tokens by their length', async () => {
    for (let part = 0; part < 20; part++) expect((await save(part)).error).toBeUndefined();
    expect((await save(20)).error).toBe('FLOOD_WAIT_1');
    key = { ...USER, userId: 11n };
    expect((await save(0)).error).toBeUndefined();
    key = USER;
    await clock.advance(1_000);
    expect((await save(20)).error).toBeUndefined();
  });

  describe('are written in turns, four at once', () => {
    /** Ends of the parts that are being written, by account and number. */
    let writing: Map<string, (result: Promise<boolean>) => void>;
    const begun = async (): Promise<string[]> => {
      for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
      return [...writing.keys()];
    };
    const end = (name: string, result = Promise.resolve(true)): void => {
      writing.get(name)!(result);
      writing.delete(name);
    };
    const saveAs = async (userId: bigint, part: number): Promise<string | undefined> => {
      key = { ...USER, userId };
      const saved = save(part);
      await begun();
      return (await saved).error;
    };
    beforeEach(() => {
      writing = new Map();
      store = ({ file_part: part }) => {
        const name = `${key.userId}:${part}`;
        return new Promise((resolve) => writing.set(name, resolve));
      };
    });

    it('and accounts take turns', async () => {
      const saved: Promise<string | undefined>[] = [];
      for (const [userId, part] of [[1n, 1], [1n, 2], [1n, 3], [1n, 4], [1n, 5], [1n, 6], [2n, 7]] as const) {
        saved.push(saveAs(userId, part));
        await begun();
      }
      const numbers = async (): Promise<string[]> => (await begun()).map((name) => name.split(':')[1]!);
      expect(await numbers()).toEqual(['1', '2', '3', '4']);
      for (const [ended, next] of [['1', '5'], ['2', '7'], ['3', '6']] as const) {
        end([...writing.keys()].find((name) => name.endsWith(`:${ended}`))!);
        expect((await numbers()).at(-1)).toBe(next);
      }
      for (const name of writing.keys()) end(name);
      expect(await Promise.all(saved)).toEqual(Array.from({ length: 7 }));
    });

    it('and one that fails, or takes longer than a second, does not keep its turn', async () => {
      const saved: Promise<string | undefined>[] = [];
      for (let part = 1; part <= 7; part++) {
        saved.push(saveAs(1n, part));
        await begun();
      }
      end('1:1', Promise.reject(rpcError('FILE_ID_INVALID')));
      expect(await begun()).toEqual(['1:2', '1:3', '1:4', '1:5']);
      await clock.advance(1_000);
      expect(await begun()).toEqual(['1:2', '1:3', '1:4', '1:5', '1:6', '1:7']);
      for (const name of writing.keys()) end(name);
      expect(await Promise.all(saved)).toEqual(['FILE_ID_INVALID', ...Array.from({ length: 6 })]);
    });
  });

  it('are charged what was sent: the end of a file, and errors, cost little', async () => {
    answer = () => Promise.resolve(new Uint8Array(10));
    for (let part = 0; part < 100; part++) {
      const { error, part: sent } = await get(BigInt(part));
      expect(error).toBeUndefined();
      sent?.release();
    }
    answer = () => Promise.reject(rpcError('FILE_REFERENCE_EXPIRED'));
    for (let part = 0; part < 100; part++) {
      const { error, part: sent } = await get(BigInt(part));
      expect(error).toBe('FILE_REFERENCE_EXPIRED');
      sent?.release();
    }
    expect(room.total).toBe(0);
  });

  it('count in the room of the process until somebody else counts the answer', async () => {
    const first = await get(0n);
    expect(first.part?.isMadeAgain).toBe(true);
    expect(room.total).toBe(512 * KIB);
    first.part!.release();
    expect(room.total).toBe(0);
    expect((await save(0)).part?.isMadeAgain).toBe(false);
    expect(room.total).toBe(0);
  });

  it('wait before they read anything while there is no room, and go on as soon as there is', async () => {
    const [first] = [await get(0n), await get(1n)];
    const third = get(2n);
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toBe(2);
    first.part!.release();
    expect((await third).error).toBeUndefined();
    expect(room.total).toBe(1024 * KIB);
  });

  it('are refused after a while, and charged nothing, if no room comes', async () => {
    const held = [await get(0n), await get(1n)];
    const third = get(2n);
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(10_000);
    expect((await third).error).toBe('FLOOD_WAIT_5');
    (await third).part?.release();
    for (const { part } of held) part!.release();
    expect([room.total, room.waiting]).toEqual([0, 0]);
  });

  it.each([-1, 2 ** 31 - 1])('a limit of %s bytes takes no more than the longest part', async (limit) => {
    const { part } = await get(0n, limit);
    expect(room.total).toBeLessThanOrEqual(1024 * KIB);
    part!.release();
    const { error } = await get(1n, 4 * KIB);
    expect([error, room.total]).toEqual([undefined, 4 * KIB]);
  });
});
