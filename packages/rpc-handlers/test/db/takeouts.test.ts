import { createFakeClock, type FakeClock } from '@aerogram/runtime';
import { encode, LAYER, METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const DAY_S = 86_400;
const WHOLE: tl.messageRange = { _: 'messageRange', min_id: 1, max_id: 2 ** 31 - 1 };
const HISTORY = { _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n } as const;

describe('exports of all data of an account', () => {
  let world: RpcWorld;
  let clock: FakeClock;
  let phone: string;
  let device: bigint;
  let userId: bigint;
  let people = 0;
  beforeAll(async () => {
    clock = createFakeClock();
    world = await createRpcWorld('takeouts', undefined, {}, { clock });
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    phone = `99966100${String(++people).padStart(2, '0')}`;
    ({ authKeyId: device, userId } = await world.signUp(phone, 'Ann'));
  });

  async function call<M extends tl.AnyMethod>(key: bigint, query: M, takeoutId?: bigint): Promise<tl.RpcMethods[M['_']]['res'] | string> {
    const inner: tl.AnyMethod = takeoutId === undefined ? query : { _: 'invokeWithTakeout', takeout_id: takeoutId, query };
    const { error, body } = await world.callBytes(key, encode({ _: 'invokeWithLayer', layer: LAYER, query: inner }));
    return error ?? readResult(new TlReader(body), METHODS[query._].result);
  }

  async function begin(key: bigint): Promise<bigint | string> {
    const answer = await call(key, { _: 'account.initTakeoutSession' });
    return typeof answer === 'string' ? answer : answer.id;
  }

  /** Begins an export that need not wait. */
  async function mustBegin(key: bigint): Promise<bigint> {
    const id = await begin(key);
    if (typeof id === 'string') throw new Error(id);
    return id;
  }

  /** Logs another device in. */
  async function addDevice(): Promise<bigint> {
    const key = await world.newKey();
    const sent = await call(key, { _: 'auth.sendCode', phone_number: phone, api_id: 1, api_hash: 'h', settings: { _: 'codeSettings' } });
    if (typeof sent === 'string' || !('phone_code_hash' in sent)) throw new Error('no code');
    await call(key, { _: 'auth.signIn', phone_number: phone, phone_code_hash: sent.phone_code_hash, phone_code: phone.charAt(5).repeat(5) });
    return key;
  }

  const noticesTo = async (): Promise<number> =>
    (await world.db.q.selectFrom('jobs').select('payload').where('kind', '=', 'service-message').where('owner_id', '=', userId).execute())
      .filter(({ payload }) => Buffer.from(payload).includes('Data export requested')).length;

  test('the only device begins at once, and the service chat says so', async () => {
    const id = await mustBegin(device);
    expect(await call(device, { _: 'contacts.getSaved' }, id)).toEqual([]);
    expect(await call(device, { _: 'channels.getLeftChannels', offset: 0 }, id)).toEqual({ _: 'messages.chats', chats: [] });
    expect(await call(device, { _: 'messages.getSplitRanges' }, id)).toEqual([WHOLE]);
    expect(await noticesTo()).toBe(1);
  });

  test('a device beside others waits a day, and further requests neither begin the wait anew nor tell again', async () => {
    const other = await addDevice();
    expect(await begin(other)).toBe(`TAKEOUT_INIT_DELAY_${DAY_S}`);
    await clock.advance(1000 * 1000);
    expect(await begin(other)).toBe(`TAKEOUT_INIT_DELAY_${DAY_S - 1000}`);
    expect(await noticesTo()).toBe(1);
    await clock.advance((DAY_S - 1000) * 1000);
    const id = await mustBegin(other);
    expect(await call(other, { _: 'contacts.getSaved' }, id)).toEqual([]);
    // A request of another device has a wait of its own.
    expect(await begin(device)).toBe(`TAKEOUT_INIT_DELAY_${DAY_S}`);
  });

  test('a device that was logged out meanwhile waits again', async () => {
    const other = await addDevice();
    await begin(other);
    await clock.advance(DAY_S * 500);
    expect(await call(device, { _: 'auth.resetAuthorizations' })).toBe(true);
    expect(await begin(other)).toBe('SESSION_REVOKED');
    expect(await world.db.q.selectFrom('takeouts').select('auth_key_id').where('user_id', '=', userId).execute()).toEqual([]);
  });

  test('nobody else can use an export, and it ends', async () => {
    const id = await mustBegin(device);
    const stranger = await world.signUp(`99966200${String(people).padStart(2, '0')}`, 'Mallory');
    const other = await addDevice();
    for (const key of [stranger.authKeyId, other, await world.newKey()]) expect(await call(key, { _: 'help.getConfig' }, id)).toBe('TAKEOUT_INVALID');
    expect(await call(device, { _: 'contacts.getSaved' }, id + 1n)).toBe('TAKEOUT_INVALID');
    expect(await call(device, { _: 'account.finishTakeoutSession', success: true })).toBe('TAKEOUT_REQUIRED');
    expect(await call(device, { _: 'account.finishTakeoutSession' }, id)).toBe(true);
    expect(await call(device, { _: 'contacts.getSaved' }, id)).toBe('TAKEOUT_INVALID');
  });

  test('an export that is not finished is over after a week, and is forgotten', async () => {
    const id = await mustBegin(device);
    await clock.advance(8 * DAY_S * 1000);
    expect(await call(device, { _: 'contacts.getSaved' }, id)).toBe('TAKEOUT_INVALID');
    await world.domain.auth.doCleanUp();
    expect(await world.db.q.selectFrom('takeouts').select('auth_key_id').where('user_id', '=', userId).execute()).toEqual([]);
  });

  test('what is for exports only is refused outside of them', async () => {
    const getFile = { _: 'upload.getFile', location: { _: 'inputTakeoutFileLocation' }, offset: 0n, limit: 4096 } as const;
    for (const query of [{ _: 'contacts.getSaved' }, { _: 'channels.getLeftChannels', offset: 0 }, getFile] as const) expect(await call(device, query), query._).toBe('TAKEOUT_REQUIRED');
    const id = await mustBegin(device);
    expect(await call(device, { _: 'channels.getLeftChannels', offset: -1 }, id)).toBe('OFFSET_INVALID');
  });

  test('the file of other data is JSON, and the same in all its parts', async () => {
    const id = await mustBegin(device);
    const read = async (offset: bigint): Promise<Buffer> => {
      const file = await call(device, { _: 'upload.getFile', location: { _: 'inputTakeoutFileLocation' }, offset, limit: 4096 }, id);
      if (typeof file === 'string' || file._ !== 'upload.file') throw new Error('no file');
      return Buffer.from(file.bytes);
    };
    const first = await read(0n);
    const other = await world.signUp(`99966300${String(people).padStart(2, '0')}`, 'Bob');
    await world.domain.blocks.doBlock(userId, other.userId, { storiesOnly: false, blocked: true }, undefined);
    expect(await read(0n)).toEqual(first);
    const rest = first.length === 4096 ? await read(4096n) : Buffer.alloc(0);
    expect(JSON.parse(Buffer.concat([first, rest]).toString())).toMatchObject({ privacy: { PhoneNumber: expect.any(Array) }, blocked: [] });
  });

  test('messages are limited to a range of ids, both ends included', async () => {
    for (const message of ['a', 'b', 'c', 'd']) await call(device, { _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message, random_id: BigInt(message.charCodeAt(0)) });
    const textsIn = async (range: tl.messageRange, changes: Partial<tl.messages.getHistory> = {}): Promise<string[]> => {
      const { error, body } = await world.call(device, { _: 'invokeWithMessagesRange', range, query: { ...HISTORY, ...changes } });
      if (error !== undefined) throw new Error(error);
      const found = readResult(new TlReader(body), METHODS['messages.getHistory'].result) as tl.messages.Messages;
      return 'messages' in found ? found.messages.flatMap((message) => (message._ === 'message' ? message.message : [])) : [];
    };
    const all = await call(device, HISTORY);
    if (typeof all === 'string' || !('messages' in all)) throw new Error('no messages');
    const ids = all.messages.map(({ id }) => id).toSorted((a, b) => a - b);
    const range = (from: number, to: number): tl.messageRange => ({ _: 'messageRange', min_id: ids[from]!, max_id: ids[to]! });
    expect(await textsIn(WHOLE)).toEqual(['d', 'c', 'b', 'a']);
    expect(await textsIn(range(1, 2))).toEqual(['c', 'b']);
    expect(await textsIn(range(0, 2), { max_id: ids[2]! })).toEqual(['b', 'a']);
    expect(await textsIn(range(0, 3), { min_id: ids[2]! })).toEqual(['d']);
  });
});
