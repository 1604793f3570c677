import { type Clock, silentLogger, systemClock } from '@aerogram/runtime';
import { beginEpoch } from '@aerogram/storage';
import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const DAY_S = 86_400;

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

let world: RpcWorld;
let shiftS = 0;
let people = 0;
beforeAll(async () => {
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + shiftS, nowMs: () => systemClock.nowMs() + 1000 * shiftS };
  world = await createRpcWorld('secret-chats', silentLogger, {}, { clock, config: { testLimits: true } });
});
afterAll(() => world[Symbol.asyncDispose]());

const signUp = (): Promise<Person> => world.signUp(`99966${5}${String(1000 + people++)}`, 'Person');

/** The answer of a call, or the error that it was refused with. */
async function ask<M extends keyof tl.RpcMethods>({ authKeyId }: Person, query: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res'] | string> {
  const { body, error } = await world.call(authKeyId, query);
  return error ?? readResult(new TlReader(body), METHODS[query._ as M].result);
}

function dhValue(): Uint8Array {
  const value = world.random.bytes(256);
  value[0] = 0x5a;
  return value;
}

function request(from: Person, to: Person): Promise<tl.EncryptedChat | string> {
  const user_id: tl.inputUser = { _: 'inputUser', user_id: to.userId, access_hash: world.domain.accessHashes.of('user', from.userId, to.userId) };
  return ask<'messages.requestEncryption'>(from, { _: 'messages.requestEncryption', user_id, random_id: world.random.uint31() | 1, g_a: dhValue() });
}

const runJob = async (kind: string): Promise<void> => {
  const job = world.domain.jobKinds.find((one) => one.kind === kind)!;
  await job.perform(new Uint8Array(), { db: world.db, jobId: 0n, ownerId: 0n, attempt: 1, signal: new AbortController().signal, done: () => Promise.resolve() });
};

/** A chat between two people. @returns its id, and the access hashes of both */
async function open(from: Person, to: Person): Promise<{ id: number; own: tl.inputEncryptedChat; other: tl.inputEncryptedChat }> {
  const waiting = (await request(from, to)) as tl.encryptedChatWaiting;
  const { access_hash } = await world.db.q.selectFrom('secret_chats').select('access_hash').where('owner_id', '=', to.userId).where('chat_id', '=', waiting.id).executeTakeFirstOrThrow();
  const other: tl.inputEncryptedChat = { _: 'inputEncryptedChat', chat_id: waiting.id, access_hash };
  expect(await ask<'messages.acceptEncryption'>(to, { _: 'messages.acceptEncryption', peer: other, g_b: dhValue(), key_fingerprint: 1n })).toMatchObject({ _: 'encryptedChat' });
  return { id: waiting.id, own: { _: 'inputEncryptedChat', chat_id: waiting.id, access_hash: waiting.access_hash }, other };
}

describe('secret chats', () => {
  it('are asked for by twenty requests a day that nobody has accepted, and twenty with one person', async () => {
    const [alice, bob, carol] = [await signUp(), await signUp(), await signUp()];
    for (let n = 0; n < 20; n++) expect(await request(alice, bob)).toMatchObject({ _: 'encryptedChatWaiting' });
    expect([await request(alice, bob), await request(alice, carol)]).toEqual(['FLOOD_WAIT_3600', 'FLOOD_WAIT_3600']);
    shiftS += DAY_S + 60;
    expect(await request(alice, carol)).toMatchObject({ _: 'encryptedChatWaiting' });
    for (let n = 0; n < 20; n++) await open(carol, bob);
    expect(await request(carol, bob)).toBe('FLOOD_WAIT_3600');
  });

  it('refuse bots, which may call none of their methods', async () => {
    const [alice, bot] = [await signUp(), await world.logInBot('secret_bot')];
    expect(await request(alice, bot)).toBe('USER_ID_INVALID');
    expect(await request(bot, alice)).toBe('BOT_METHOD_INVALID');
  });

  it('are forgotten some time after their end, with what was sent in them', async () => {
    const [alice, bob] = [await signUp(), await signUp()];
    const chat = await open(alice, bob);
    await ask<'messages.sendEncrypted'>(alice, { _: 'messages.sendEncrypted', peer: chat.own, random_id: 5n, data: Uint8Array.of(1) });
    const declined = (await request(alice, bob)) as tl.encryptedChatWaiting;
    for (const chat_id of [chat.id, declined.id]) await ask<'messages.discardEncryption'>(alice, { _: 'messages.discardEncryption', chat_id });
    const count = async (table: 'secret_chats' | 'secret_sends' | 'device_events'): Promise<number> =>
      (await world.db.q.selectFrom(table).select('owner_id').where('owner_id', 'in', [alice.userId, bob.userId]).execute()).length;
    // Bob's device was told of both ends, and Alice's of the acceptance; and the message waits.
    expect([await count('secret_chats'), await count('secret_sends'), await count('device_events')]).toEqual([4, 1, 4]);
    shiftS += 3 * DAY_S;
    await runJob('sweep-secret-chats');
    expect([await count('secret_chats'), await count('secret_sends'), await count('device_events')]).toEqual([2, 0, 3]);
    shiftS += 30 * DAY_S;
    await runJob('sweep-secret-chats');
    await runJob('prune-device-events');
    // The device has not asked for a difference since, so what waits for it stays.
    expect([await count('secret_chats'), await count('device_events')]).toEqual([0, 3]);
    await world.db.transact('test', (tx) => tx.q.updateTable('authorizations').set({ confirmed_date: systemClock.now() + shiftS }).where('user_id', 'in', [alice.userId, bob.userId]).execute());
    await runJob('prune-device-events');
    expect(await count('device_events')).toBe(1);
  });

  it('end if nobody has answered for two months, on both sides', async () => {
    const [alice, bob] = [await signUp(), await signUp()];
    const asked = (await request(alice, bob)) as tl.encryptedChatWaiting;
    const states = async (): Promise<(number | null)[]> =>
      (await world.db.q.selectFrom('secret_chats').select('ended_date').where('chat_id', '=', asked.id).where('owner_id', 'in', [alice.userId, bob.userId]).execute()).map((row) => row.ended_date);
    shiftS += 59 * DAY_S;
    await runJob('sweep-secret-chats');
    expect(await states()).toEqual([null, null]);
    shiftS += 2 * DAY_S;
    await runJob('sweep-secret-chats');
    const now = systemClock.now() + shiftS;
    for (const date of await states()) expect(Math.abs(date! - now)).toBeLessThan(60);
    expect(await states()).toHaveLength(2);
    const told = await world.db.q.selectFrom('device_events').select('owner_id').where('chat_id', '=', asked.id).where('owner_id', 'in', [alice.userId, bob.userId]).execute();
    // The request of which Bob's device was told has been replaced by its end.
    expect(new Set(told.map((event) => event.owner_id))).toEqual(new Set([alice.userId, bob.userId]));
    expect(told).toHaveLength(2);
  });

  it('end with devices that are idle, also if several of them were with the same one', async () => {
    const [alice, carol, bob] = [await signUp(), await signUp(), await signUp()];
    const chats = [await open(alice, bob), await open(carol, bob)];
    await world.db.transact('test', (tx) => tx.q.updateTable('authorizations').set({ active_date: 1 }).where('user_id', 'in', [alice.userId, carol.userId]).execute());
    await world.domain.auth.doCleanUp();
    const { pts, date } = (await ask<'updates.getState'>(bob, { _: 'updates.getState' })) as tl.updates.state;
    const { other_updates } = (await ask<'updates.getDifference'>(bob, { _: 'updates.getDifference', pts, date: date - 60, qts: 1 })) as tl.updates.difference;
    const ended = other_updates.flatMap((update) => (update._ === 'updateEncryption' && update.chat._ === 'encryptedChatDiscarded' ? [update.chat.id] : []));
    expect(ended.toSorted((a, b) => a - b)).toEqual(chats.map(({ id }) => id).toSorted((a, b) => a - b));
  });

  it('go on with other numbers after a restore or a fail-over, so that none is given twice', async () => {
    const [alice, bob] = [await signUp(), await signUp()];
    const chat = await open(alice, bob);
    const send = (random_id: bigint): Promise<unknown> => ask<'messages.sendEncrypted'>(alice, { _: 'messages.sendEncrypted', peer: chat.own, random_id, data: Uint8Array.of(1) });
    const missed = async (qts: number): Promise<[bigint[], number]> => {
      const { pts, date } = (await ask<'updates.getState'>(bob, { _: 'updates.getState' })) as tl.updates.state;
      const found = (await ask<'updates.getDifference'>(bob, { _: 'updates.getDifference', pts, date, qts })) as tl.updates.difference;
      return [found.new_encrypted_messages.map((message) => message.random_id), found.state.qts];
    };
    await send(1n);
    expect(await missed(1)).toEqual([[1n], 2]);
    // A fail-over: the logs jump when they are locked, and readers see it at once.
    await world.db.transact('test', (tx) => tx.q.updateTable('meta').set({ value: '2' }).where('key', '=', 'epoch').execute());
    expect(await missed(2)).toEqual([[], 1_000_002]);
    await send(2n);
    expect(await missed(2)).toEqual([[2n], 1_000_003]);
    // A restore: all logs jump.
    await beginEpoch(world.db.url, { isOurs: true });
    expect(await missed(1_000_003)).toEqual([[], 2_000_003]);
    await send(3n);
    expect(await missed(1_000_003)).toEqual([[3n], 2_000_004]);
  });

  it('keep a file until thirty days after the last message that names it', async () => {
    const [alice, bob] = [await signUp(), await signUp()];
    const chat = await open(alice, bob);
    await ask<'upload.saveFilePart'>(alice, { _: 'upload.saveFilePart', file_id: 9n, file_part: 0, bytes: world.random.bytes(5000) });
    const file: tl.inputEncryptedFileUploaded = { _: 'inputEncryptedFileUploaded', id: 9n, parts: 1, md5_checksum: '', key_fingerprint: 3 };
    const sent = (await ask<'messages.sendEncryptedFile'>(alice, { _: 'messages.sendEncryptedFile', peer: chat.own, random_id: 6n, data: Uint8Array.of(1), file })) as tl.messages.sentEncryptedFile;
    const location = { ...(sent.file as tl.encryptedFile), _: 'inputEncryptedFileLocation' as const };
    const load = (): Promise<unknown> => ask<'upload.getFile'>(alice, { _: 'upload.getFile', location, offset: 0n, limit: 8192 });
    const collect = async (days: number): Promise<void> => {
      shiftS += days * DAY_S;
      await runJob('collect-secret-files');
    };
    await collect(40);
    expect(await load()).toMatchObject({ _: 'upload.file' });
    expect(await ask<'messages.receivedQueue'>(bob, { _: 'messages.receivedQueue', max_qts: 1000 })).toEqual([6n]);
    await collect(29);
    expect(await load()).toMatchObject({ _: 'upload.file' });
    const { identity } = await world.db.q.selectFrom('secret_files').select('identity').executeTakeFirstOrThrow();
    await collect(3);
    expect(await load()).toBe('LOCATION_INVALID');
    expect(await world.db.q.selectFrom('blobs').select('name').where('identity', '=', identity).execute()).toEqual([]);
  });
});
