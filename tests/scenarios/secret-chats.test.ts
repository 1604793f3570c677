import type { Actor, Device } from '@aerogram/dev-env';
import { Long, tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operate } from './bot-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';
import { accept, dhValue, gotSecret, newChatId, openSecret, request, secretDifference, seesChat, seesSecret, sendSecret, toldOf } from './secret-stage.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Two people, of whom the first knows the second. */
async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

/** What an ended call says, or 'ok'. */
const outcomeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', (error: unknown) => (error instanceof tl.RpcError ? error.text : Promise.reject(error as Error)));

/** Checks that all a device has learned of a chat is that it is over, and that nothing more of it waits for the device. */
async function hasNothing(device: Device, id: number): Promise<void> {
  const { messages, others } = await secretDifference(device, { pts: 1, date: 1, qts: 1 });
  expect(messages).toEqual([]);
  expect(gotSecret(device)).toEqual([]);
  const told = others.filter((update): update is tl.RawUpdateEncryption => update._ === 'updateEncryption' && update.chat.id === id);
  expect(told.every(({ chat }) => chat._ === 'encryptedChatDiscarded')).toBe(true);
}

describe('secret chats', () => {
  test('begin on two devices, carry messages both ways and in order, and end; a third device gets none of it', async () => {
    const [alice, bob] = await pair();
    const [tablet, desktop] = [await alice.device(), await bob.device()];
    const gA = dhValue();
    const waiting = await request(alice.main, bob, { gA });
    if (waiting._ !== 'encryptedChatWaiting') throw new Error(waiting._);
    expect(waiting).toMatchObject({ adminId: alice.id, participantId: bob.id });
    for (const device of bob.devices) expect(Buffer.from((await seesChat(device, waiting.id, 'encryptedChatRequested')).gA)).toEqual(Buffer.from(gA));
    const [gB, fingerprint] = [dhValue(), randomLong()];
    const accepted = await accept(bob.main, waiting.id, { gB, fingerprint });
    expect(Buffer.from(accepted.gAOrB)).toEqual(Buffer.from(gA));
    const begun = await seesChat(alice.main, waiting.id, 'encryptedChat');
    expect([Buffer.from(begun.gAOrB).equals(gB), begun.keyFingerprint.eq(fingerprint)]).toEqual([true, true]);
    expect(begun.accessHash.eq(accepted.accessHash)).toBe(false);
    await seesChat(desktop, waiting.id, 'encryptedChatDiscarded');

    const from = { device: alice.main, input: { _: 'inputEncryptedChat' as const, chatId: waiting.id, accessHash: begun.accessHash } };
    const to = { device: bob.main, input: { _: 'inputEncryptedChat' as const, chatId: waiting.id, accessHash: accepted.accessHash } };
    const texts = Array.from({ length: 30 }, (_, n) => `text ${n}`);
    // Sent without waiting for answers: they keep the order in which the client numbered them.
    await Promise.all(texts.map((text) => sendSecret(from, text)));
    await seesSecret(bob.main, waiting.id, texts);
    const date = await sendSecret(to, 'an answer');
    await alice.main.call({ _: 'messages.sendEncryptedService', peer: from.input, randomId: randomLong(), data: Buffer.from('a service') });
    await seesSecret(alice.main, waiting.id, ['an answer']);
    await seesSecret(bob.main, waiting.id, [...texts, 'a service']);
    await alice.main.call({ _: 'messages.readEncryptedHistory', peer: from.input, maxDate: date });
    expect(await bob.main.seesUpdate('updateEncryptedMessagesRead')).toMatchObject({ chatId: waiting.id, maxDate: date });
    await alice.main.call({ _: 'messages.setEncryptedTyping', peer: from.input, typing: true });
    expect(await bob.main.seesUpdate('updateEncryptedChatTyping')).toMatchObject({ chatId: waiting.id });

    await bob.main.call({ _: 'messages.discardEncryption', chatId: waiting.id, deleteHistory: true });
    expect(await seesChat(alice.main, waiting.id, 'encryptedChatDiscarded')).toMatchObject({ historyDeleted: true });
    expect(await outcomeOf(sendSecret(from, 'too late'))).toBe('ENCRYPTION_DECLINED');
    for (const device of [tablet, desktop]) await hasNothing(device, waiting.id);
  });

  test('when two devices accept at once, one wins, and the other learns that it lost', async () => {
    const [alice, bob] = await pair();
    const desktop = await bob.device();
    const outcomes: string[][] = [];
    for (let round = 0; round < 100; round++) {
      const { id } = (await request(alice.main, bob)) as tl.RawEncryptedChatWaiting;
      const both = await Promise.all([bob.main, desktop].map((device) => outcomeOf(accept(device, id))));
      outcomes.push(both.toSorted());
      const loser = both[0] === 'ok' ? desktop : bob.main;
      await seesChat(loser, id, 'encryptedChatDiscarded');
      await seesChat(alice.main, id, 'encryptedChat');
      await alice.main.call({ _: 'messages.discardEncryption', chatId: id });
    }
    expect(new Set(outcomes.map(String))).toEqual(new Set(['ENCRYPTION_ALREADY_ACCEPTED,ok']));
  });

  test('a device that was away gets everything in the order of its qts, slice by slice, and what it has is deleted', async () => {
    const [alice, bob] = await pair();
    const chat = await openSecret(alice.main, bob.main, bob);
    const state = await bob.main.call({ _: 'updates.getState' });
    await bob.main.goOffline();
    const texts = Array.from({ length: 450 }, (_, n) => `text ${n}`);
    for (let at = 0; at < texts.length; at += 50) await Promise.all(texts.slice(at, at + 50).map((text) => sendSecret(chat.from, text)));
    await alice.main.call({ _: 'messages.readEncryptedHistory', peer: chat.from.input, maxDate: state.date });
    await alice.main.call({ _: 'messages.discardEncryption', chatId: chat.id });
    const countRows = async (): Promise<number> => Number((await scenario.server.db.q.selectFrom('device_events').select(({ fn }) => fn.countAll().as('n')).where('owner_id', '=', BigInt(bob.id)).where('qts', '>', 0).executeTakeFirstOrThrow()).n);
    expect(await countRows()).toBe(450);
    await bob.main.goOnline();
    const missed = await secretDifference(bob.main, state);
    expect(missed.messages.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(texts);
    expect([missed.qts, missed.slices]).toEqual([state.qts + 450, 3]);
    expect(missed.others.map((update) => update._).toSorted()).toEqual(expect.arrayContaining(['updateEncryptedMessagesRead', 'updateEncryption']));
    // The request for the third slice confirmed the first two.
    expect(await countRows()).toBe(50);
    const confirmed = await bob.main.call({ _: 'messages.receivedQueue', maxQts: missed.qts });
    expect([confirmed.length, await countRows()]).toEqual([50, 0]);
    expect((await secretDifference(bob.main, { ...state, qts: missed.qts })).messages).toEqual([]);
    const begun = await bob.main.call({ _: 'updates.getState' });
    expect(begun.qts).toBe(missed.qts);
  });

  test('each call can be repeated, and the repeat changes nothing', async () => {
    const [alice, bob] = await pair();
    const [gA, gB, fingerprint, id] = [dhValue(), dhValue(), randomLong(), newChatId()];
    const waiting = await request(alice.main, bob, { id, gA });
    expect(await request(alice.main, bob, { id, gA })).toEqual(waiting);
    expect(await outcomeOf(request(alice.main, bob, { id }))).toBe('RANDOM_ID_DUPLICATE');
    const accepted = await accept(bob.main, id, { gB, fingerprint });
    const requested = bob.main.events.find((event): event is tl.RawUpdateEncryption => event._ === 'updateEncryption' && event.chat._ === 'encryptedChatRequested');
    const input: tl.RawInputEncryptedChat = { _: 'inputEncryptedChat', chatId: id, accessHash: (requested!.chat as tl.RawEncryptedChatRequested).accessHash };
    expect(await bob.main.call({ _: 'messages.acceptEncryption', peer: input, gB, keyFingerprint: fingerprint })).toEqual(accepted);
    expect(await outcomeOf(bob.main.call({ _: 'messages.acceptEncryption', peer: input, gB: dhValue(), keyFingerprint: fingerprint }))).toBe('ENCRYPTION_ALREADY_ACCEPTED');
    const randomId = randomLong();
    const to = { device: bob.main, input };
    const date = await sendSecret(to, 'once', randomId);
    expect(await sendSecret(to, 'once', randomId)).toBe(date);
    await Promise.all([sendSecret(to, 'twice at once', randomId), sendSecret(to, 'twice at once', randomId)]);
    await sendSecret(to, 'last');
    await seesSecret(alice.main, id, ['once', 'last']);
    for (let round = 0; round < 2; round++) {
      await bob.main.call({ _: 'messages.readEncryptedHistory', peer: input, maxDate: date });
      await bob.main.call({ _: 'messages.discardEncryption', chatId: id });
    }
    await seesChat(alice.main, id, 'encryptedChatDiscarded');
    expect(await outcomeOf(alice.main.call({ _: 'messages.discardEncryption', chatId: id }))).toBe('ENCRYPTION_ALREADY_DECLINED');
    // The answer of a message that was sent before the end is still known.
    expect(await sendSecret(to, 'once', randomId)).toBe(date);
    expect(alice.main.events.filter((event) => event._ === 'updateEncryptedMessagesRead')).toHaveLength(1);
  });

  test('refuse what is too long, too short or out of range, and whoever has no part in them', async () => {
    const [alice, bob] = await pair();
    const carol = await scenario.world.user('Carol');
    const chat = await openSecret(alice.main, bob.main, bob);
    const p = (await alice.main.call({ _: 'messages.getDhConfig', version: 0, randomLength: 0 })) as tl.messages.RawDhConfig;
    for (const gA of [new Uint8Array(), Uint8Array.of(1), new Uint8Array(256), p.p, Buffer.alloc(256, 0xff), Buffer.concat([Uint8Array.of(1), dhValue()])]) {
      expect(await outcomeOf(request(alice.main, bob, { gA }))).toBe('DH_G_A_INVALID');
    }
    expect(await outcomeOf(request(alice.main, bob, { gA: new Uint8Array(20_000) }))).toBe('DATA_TOO_LONG');
    // A shorter value is legal if it is large enough.
    expect(await request(alice.main, bob, { gA: dhValue().subarray(1) })).toMatchObject({ _: 'encryptedChatWaiting' });
    const asked = (fields: Partial<tl.messages.RawRequestEncryptionRequest>): Promise<string> =>
      outcomeOf(alice.main.call({ _: 'messages.requestEncryption', userId: alice.main.inputUser(bob.id), randomId: newChatId(), gA: dhValue(), ...fields }));
    expect(await asked({ userId: { _: 'inputUserSelf' } })).toBe('USER_ID_INVALID');
    expect(await asked({ userId: { _: 'inputUser', userId: bob.id, accessHash: Long.ONE } })).toBe('USER_ID_INVALID');
    expect(await asked({ randomId: 0 })).toBe('RANDOM_ID_EMPTY');
    expect(await asked({ randomId: chat.id })).toBe('RANDOM_ID_DUPLICATE');

    const send = (data: Uint8Array, device = alice.main, peer = chat.from.input): Promise<string> => outcomeOf(device.call({ _: 'messages.sendEncrypted', peer, randomId: randomLong(), data }));
    expect([await send(new Uint8Array()), await send(new Uint8Array(64 * 1024)), await send(new Uint8Array(64 * 1024 + 1)), await send(new Uint8Array(100 * 1024))]).toEqual(['DATA_INVALID', 'ok', 'DATA_TOO_LONG', 'DATA_TOO_LONG']);
    const tablet = await alice.device();
    expect([
      await send(Buffer.from('x'), tablet),
      await send(Buffer.from('x'), carol.main),
      await send(Buffer.from('x'), alice.main, { ...chat.from.input, accessHash: chat.to.input.accessHash }),
      await outcomeOf(tablet.call({ _: 'messages.readEncryptedHistory', peer: chat.from.input, maxDate: 1 })),
      await outcomeOf(tablet.call({ _: 'messages.setEncryptedTyping', peer: chat.from.input, typing: true })),
    ]).toEqual(Array.from({ length: 5 }, () => 'CHAT_ID_INVALID'));
    expect(await outcomeOf(tablet.call({ _: 'messages.discardEncryption', chatId: chat.id }))).toBe('ENCRYPTION_ALREADY_ACCEPTED');
    expect(await outcomeOf(carol.main.call({ _: 'messages.discardEncryption', chatId: chat.id }))).toBe('ENCRYPTION_ID_INVALID');
    expect(await outcomeOf(carol.main.call({ _: 'messages.discardEncryption', chatId: 0 }))).toBe('CHAT_ID_EMPTY');
    expect(await outcomeOf(alice.main.call({ _: 'messages.receivedQueue', maxQts: -1 }))).toBe('MAX_QTS_INVALID');
    await bob.main.waitUntil('64 KiB', () => gotSecret(bob.main, chat.id).some((data) => data.length === 64 * 1024));
  });

  test('hold blocks, and a device that takes no part is not asked', async () => {
    const [alice, bob] = await pair();
    const desktop = await bob.device();
    await desktop.call({ _: 'account.changeAuthorizationSettings', hash: Long.ZERO, encryptedRequestsDisabled: true });
    const chat = await openSecret(alice.main, bob.main, bob);
    expect(toldOf(desktop, chat.id)).toBeUndefined();
    await bob.main.call({ _: 'contacts.block', id: bob.main.inputPeer(alice.id) });
    expect([await outcomeOf(sendSecret(chat.from, 'x')), await outcomeOf(sendSecret(chat.to, 'x')), await outcomeOf(request(alice.main, bob)), await outcomeOf(request(bob.main, alice))]).toEqual(['USER_IS_BLOCKED', 'YOU_BLOCKED_USER', 'USER_IS_BLOCKED', 'YOU_BLOCKED_USER']);
    await bob.main.call({ _: 'contacts.unblock', id: bob.main.inputPeer(alice.id) });
    await sendSecret(chat.from, 'again');
    await seesSecret(bob.main, chat.id, ['again']);
    // Whoever was blocked since asking cannot be accepted.
    const { id: asked } = (await request(alice.main, bob)) as tl.RawEncryptedChatWaiting;
    await seesChat(bob.main, asked, 'encryptedChatRequested');
    await alice.main.call({ _: 'contacts.block', id: alice.main.inputPeer(bob.id) });
    expect(await outcomeOf(accept(bob.main, asked))).toBe('USER_IS_BLOCKED');
    await bob.main.call({ _: 'messages.reportEncryptedSpam', peer: chat.to.input });
    const reports = await scenario.server.db.q.selectFrom('reports').select(['owner_id', 'peer_id', 'reason', 'copy']).where('owner_id', '=', BigInt(bob.id)).execute();
    expect(reports).toMatchObject([{ peer_id: BigInt(alice.id), reason: 'spam', copy: null }]);
  });

  test('can be declined by any device of the one who is asked, and withdrawn', async () => {
    const [alice, bob] = await pair();
    const desktop = await bob.device();
    const { id } = (await request(alice.main, bob)) as tl.RawEncryptedChatWaiting;
    await seesChat(desktop, id, 'encryptedChatRequested');
    await desktop.call({ _: 'messages.discardEncryption', chatId: id });
    for (const device of [alice.main, bob.main]) await seesChat(device, id, 'encryptedChatDiscarded');
    const second = (await request(alice.main, bob)) as tl.RawEncryptedChatWaiting;
    await alice.main.call({ _: 'messages.discardEncryption', chatId: second.id });
    for (const device of bob.devices) await seesChat(device, second.id, 'encryptedChatDiscarded');
    const asked = bob.main.events.find((event): event is tl.RawUpdateEncryption => event._ === 'updateEncryption' && event.chat._ === 'encryptedChatRequested' && event.chat.id === second.id);
    const peer = { _: 'inputEncryptedChat' as const, chatId: second.id, accessHash: (asked!.chat as tl.RawEncryptedChatRequested).accessHash };
    expect(await outcomeOf(bob.main.call({ _: 'messages.acceptEncryption', peer, gB: dhValue(), keyFingerprint: Long.ONE }))).toBe('ENCRYPTION_ALREADY_DECLINED');
  });

  test('end with a log-out, a reset from another device, a ban and the account, and the other side is told at once', async () => {
    const ends: ((bob: Actor, chatOf: Device) => Promise<unknown>)[] = [
      (_bob, device) => device.call({ _: 'auth.logOut' }),
      async (bob) => {
        const { authorizations } = await bob.main.call({ _: 'account.getAuthorizations' });
        return bob.main.call({ _: 'account.resetAuthorization', hash: authorizations.find((one) => !one.current)!.hash });
      },
      (bob) => operate(scenario, 'user', 'ban', String(bob.id)),
      (bob) => bob.main.call({ _: 'account.deleteAccount', reason: 'test' }),
    ];
    for (const end of ends) {
      const [alice, bob] = await pair();
      const device = await bob.device();
      await scenario.server.db.q.updateTable('authorizations').set({ created_date: 1 }).where('user_id', '=', BigInt(bob.id)).execute();
      const chat = await openSecret(alice.main, device, bob);
      await sendSecret(chat.from, 'kept until then');
      await end(bob, device);
      await seesChat(alice.main, chat.id, 'encryptedChatDiscarded');
      expect(await outcomeOf(sendSecret(chat.from, 'x'))).toBe('ENCRYPTION_DECLINED');
      const left = await scenario.server.db.q.selectFrom('device_events').select('seq').where('owner_id', '=', BigInt(bob.id)).where('chat_id', '=', chat.id).where('qts', '>', 0).execute();
      expect(left).toEqual([]);
    }
  });

  test('refuse the sender when too much waits for a device, and no other chat suffers', async () => {
    const [alice, bob] = await pair();
    const carol = await scenario.world.user('Carol');
    await carol.meet(bob);
    const [chat, other] = [await openSecret(alice.main, bob.main, bob), await openSecret(carol.main, bob.main, bob)];
    await bob.main.goOffline();
    const { db } = scenario.server;
    const log = await db.q.selectFrom('device_logs').selectAll().where('owner_id', '=', BigInt(bob.id)).executeTakeFirstOrThrow();
    const payload = Buffer.alloc(100);
    const rows = Array.from({ length: 2000 }, (_, n) => ({ owner_id: log.owner_id, auth_key_id: log.auth_key_id, seq: log.seq + 1 + n, qts: log.qts + 1 + n, kind: 1, chat_id: chat.id, date: 1, random_id: BigInt(n), file_id: null, payload }));
    for (let at = 0; at < rows.length; at += 500) await db.q.insertInto('device_events').values(rows.slice(at, at + 500)).execute();
    await db.q.updateTable('device_logs').set({ seq: log.seq + 2000, qts: log.qts + 2000, message_count: 2000, message_bytes: 200_000n }).where('owner_id', '=', BigInt(bob.id)).execute();
    expect(await outcomeOf(sendSecret(chat.from, 'one too many'))).toBe('FLOOD_WAIT_%d');
    await sendSecret(other.from, 'another chat');
    await db.q.updateTable('device_logs').set({ message_count: 10_000 }).where('owner_id', '=', BigInt(bob.id)).execute();
    expect(await outcomeOf(sendSecret(other.from, 'too many in all'))).toBe('FLOOD_WAIT_%d');
    await bob.main.goOnline();
    const { qts } = await bob.main.call({ _: 'updates.getState' });
    expect(await bob.main.call({ _: 'messages.receivedQueue', maxQts: qts })).toHaveLength(2001);
    await db.q.updateTable('device_logs').set({ message_count: 0, message_bytes: 0n }).where('owner_id', '=', BigInt(bob.id)).execute();
    // The library makes no second call of the same method before the wait is over.
    await alice.main.call({ _: 'messages.sendEncryptedService', peer: chat.from.input, randomId: randomLong(), data: Buffer.from('room again') });
    const { messages } = await secretDifference(bob.main, { pts: 1, date: 1, qts });
    expect(messages.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['room again']);
  });
});
