import { randomBytes } from 'node:crypto';
import { openMessage } from '@aerogram/crypto';
import type { Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { accept, discard, HANG_UP, MISSED, ring } from './call-stage.ts';
import { accept as acceptSecret, openSecret, request as requestSecret, sendSecret } from './secret-stage.ts';
import { PushService } from './push-service.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let relay: PushService;
beforeAll(async () => {
  relay = await PushService.start();
  relay.answer = () => 200;
  relay.body = '{"outcome":"sent"}';
  scenario = await startScenario({ env: { AEROGRAM_NOTICES_RELAY: relay.origin, AEROGRAM_NOTICES_RELAY_KEY: 'k'.repeat(32) } });
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await relay?.[Symbol.asyncDispose]();
});

const SECRET = randomBytes(256);

interface Got {
  loc_key: string;
  loc_args: string[];
  custom: Record<string, string>;
  sound?: string;
}

/** What an app reads of what the relay got for it. */
const readAll = (): Got[] =>
  relay.got.map(({ body }) => {
    const { p } = JSON.parse(body.toString()) as { p: string };
    const plain = Buffer.from(openMessage(SECRET, Buffer.from(p, 'base64url'), 'to-client')!.plaintext);
    return JSON.parse(plain.subarray(4, 4 + plain.readInt32LE(0)).toString()) as Got;
  });

test('a phone is told over a relay what only it can read, and then what became of that', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.main.call({ _: 'account.registerDevice', tokenType: 2, token: 'phone', appSandbox: false, secret: SECRET, otherUids: [] });
  const tablet = await bob.device();
  await bob.meet(alice, tablet);
  const leave = (): Promise<unknown> => tablet.call({ _: 'account.updateStatus', offline: true });
  await leave();
  await bob.main.goOffline();
  /** Waits for one more notice. */
  const next = async (): Promise<Got> => {
    const count = relay.got.length;
    return vi.waitFor(() => readAll()[count] ?? expect.fail('no notice came'), { timeout: 20_000 });
  };

  let coming = next();
  const sent = await alice.send(bob, 'helo');
  const first = await coming;
  expect(first).toMatchObject({ loc_key: 'MESSAGE_TEXT', loc_args: ['Alice', 'helo'], sound: 'default' });
  expect(relay.got[0]!.headers.authorization).toBe(`Bearer ${'k'.repeat(32)}`);
  expect(relay.got[0]!.body.toString()).not.toContain('helo');

  coming = next();
  await alice.edit(sent, 'hello');
  const edited = await coming;
  expect(edited).toMatchObject({ loc_key: 'MESSAGE_TEXT', loc_args: ['Alice', 'hello'], custom: { msg_id: first.custom['msg_id'], silent: '1' } });
  expect(Number(edited.custom['edit_date'])).toBeGreaterThan(0);
  expect(edited.sound).toBeUndefined();

  coming = next();
  await alice.send(bob, 'a second one');
  await coming;
  coming = next();
  await tablet.call({ _: 'messages.readHistory', peer: tablet.inputPeer(alice.id), maxId: 0 });
  await leave();
  const read = await coming;
  expect(read).toMatchObject({ loc_key: 'READ_HISTORY', custom: { from_id: String(alice.id) } });
  expect(Number(read.custom['max_id'])).toBeGreaterThan(Number(first.custom['msg_id']));

  // The third one of a chat within a minute makes no sound.
  coming = next();
  const third = await alice.send(bob, 'a third one');
  const silent = await coming;
  expect(silent).toMatchObject({ custom: { silent: '1' } });
  coming = next();
  await alice.delete([third]);
  expect(await coming).toMatchObject({ loc_key: 'MESSAGE_DELETED', custom: { messages: silent.custom['msg_id'] } });

  // A call rings in the pocket, and is taken back when it is answered elsewhere; one that nobody answered is told as missed.
  coming = next();
  const call = await ring(alice.main, bob.id, { video: true });
  expect(await coming).toMatchObject({ loc_key: 'PHONE_CALL_REQUEST', loc_args: ['Alice'], custom: { from_id: String(alice.id), call_id: String(call.id), video: '1' }, sound: 'default' });
  coming = next();
  const { ref } = await accept(tablet, call.id);
  expect(await coming).toMatchObject({ loc_key: 'PHONE_CALL_DECLINE', custom: { from_id: String(alice.id) } });
  await discard(tablet, ref, HANG_UP);
  await leave();
  coming = next();
  const missed = await ring(alice.main, bob.id);
  await coming;
  await discard(alice.main, missed.ref, MISSED);
  await vi.waitFor(() => expect(readAll().at(-1)).toMatchObject({ loc_key: 'PHONE_CALL_MISSED', loc_args: ['Alice'] }), { timeout: 20_000 });
  expect(readAll().map(({ loc_key: key }) => key).filter((key) => key.startsWith('PHONE_CALL'))).toEqual(['PHONE_CALL_REQUEST', 'PHONE_CALL_DECLINE', 'PHONE_CALL_REQUEST', 'PHONE_CALL_DECLINE', 'PHONE_CALL_MISSED']);
});

test('a phone is told of secret chats, never from whom or what, and not of what it has', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await bob.main.call({ _: 'account.registerDevice', tokenType: 2, token: 'bob', appSandbox: false, secret: SECRET, otherUids: [] });
  await alice.main.call({ _: 'account.registerDevice', tokenType: 2, token: 'alice', appSandbox: false, secret: SECRET, otherUids: [] });
  await alice.meet(bob);
  await bob.meet(alice);
  const before = relay.got.length;
  const toldSince = (): Got[] => readAll().slice(before);
  // Both are connected: nobody has to be told that a chat is asked for and accepted.
  const { id, from } = await openSecret(alice.main, bob.main, bob);
  await bob.main.goOffline();
  await sendSecret(from, 'sealed', Long.fromNumber(77));
  await vi.waitFor(() => expect(toldSince().map(({ loc_key: key }) => key)).toEqual(['ENCRYPTED_MESSAGE']), { timeout: 20_000 });
  expect(toldSince()[0]).toMatchObject({ loc_key: 'ENCRYPTED_MESSAGE', custom: { encryption_id: String(id), random_id: '77' }, sound: 'default' });
  expect(JSON.stringify(toldSince()[0])).not.toContain('Alice');

  const tablet = await bob.device();
  const { id: asked } = (await requestSecret(alice.main, bob)) as tl.RawEncryptedChatWaiting;
  await vi.waitFor(() => expect(toldSince().at(-1)).toMatchObject({ loc_key: 'ENCRYPTION_REQUEST', custom: { encryption_id: String(asked) } }), { timeout: 20_000 });
  await alice.main.goOffline();
  await acceptSecret(tablet, asked);
  await vi.waitFor(() => expect(toldSince().at(-1)).toMatchObject({ loc_key: 'ENCRYPTION_ACCEPT', custom: { encryption_id: String(asked) } }), { timeout: 20_000 });
  expect(toldSince()).toHaveLength(3);
});

test('a phone is told who has reacted to its owner, unless that was taken back, or the owner wants to hear of nobody', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await bob.meet(alice);
  await alice.main.call({ _: 'account.registerDevice', tokenType: 2, token: 'reacted', appSandbox: false, secret: SECRET, otherUids: [] });
  await alice.send(bob, 'see you at eight');
  await alice.send(bob, 'or at nine');
  const [eight, nine] = [await bob.sees('see you at eight'), await bob.sees('or at nine')];
  const tablet = await alice.device();
  const wantFrom = async (messagesNotifyFrom: tl.TypeReactionNotificationsFrom | undefined): Promise<void> => {
    await tablet.call({ _: 'account.setReactionsNotifySettings', settings: { _: 'reactionsNotifySettings', messagesNotifyFrom, sound: { _: 'notificationSoundDefault' }, showPreviews: true } });
    await tablet.call({ _: 'account.updateStatus', offline: true });
  };
  await wantFrom({ _: 'reactionNotificationsFromContacts' });
  await alice.main.goOffline();
  const before = relay.got.length;
  const toldSince = (): Got[] => readAll().slice(before);
  const react = async (msgId: number, ...emoji: string[]): Promise<void> => {
    await bob.main.change({ _: 'messages.sendReaction', peer: bob.main.inputPeer(alice.id), msgId, reaction: emoji.map((emoticon) => ({ _: 'reactionEmoji', emoticon })) });
  };
  await react(eight.id, '👍');
  await react(eight.id);
  await react(nine.id, '❤');
  await vi.waitFor(() => expect(toldSince()).toHaveLength(1), { timeout: 20_000 });
  expect(toldSince()[0]).toMatchObject({ loc_key: 'REACT_TEXT', loc_args: ['Bob', '❤', 'or at nine'], custom: { from_id: String(bob.id) }, sound: 'default' });

  await wantFrom(undefined);
  await react(eight.id, '🔥');
  await bob.send(alice, 'at nine then');
  await vi.waitFor(() => expect(toldSince().at(-1)).toMatchObject({ loc_key: 'MESSAGE_TEXT', loc_args: ['Bob', 'at nine then'] }), { timeout: 20_000 });
  expect(toldSince().map(({ loc_key: key }) => key)).toEqual(['REACT_TEXT', 'MESSAGE_TEXT']);
});

/** A device whose connection has not ended yet is told only after a while (`ACK_PATIENCE_S`). */
const TOLD_WITHIN_MS = 60_000;

test('a phone is told who has reacted to a message of its owner in groups, but not what was taken back, and nothing of who is blocked', async () => {
  const [alice, bob, carl] = [await scenario.world.user('Anna'), await scenario.world.user('Boris'), await scenario.world.user('Karl')];
  for (const one of [bob, carl]) {
    await alice.meet(one);
    await one.meet(alice);
  }
  await alice.main.call({ _: 'account.registerDevice', tokenType: 2, token: 'reacted-in-groups', appSandbox: false, secret: SECRET, otherUids: [] });
  await alice.main.call({ _: 'account.setReactionsNotifySettings', settings: { _: 'reactionsNotifySettings', messagesNotifyFrom: { _: 'reactionNotificationsFromAll' }, sound: { _: 'notificationSoundDefault' }, showPreviews: true } });
  const small = await alice.main.invite({ _: 'messages.createChat', title: 'Rowers', users: [alice.main.inputUser(bob.id), alice.main.inputUser(carl.id)] });
  const made = await alice.main.change({ _: 'channels.createChannel', title: 'Sailors', about: '', megagroup: true });
  if (small.updates._ !== 'updates' || made._ !== 'updates') throw new Error('no group was made');
  const [group, club] = [-small.updates.chats[0]!.id, -1_000_000_000_000 - made.chats[0]!.id];
  await alice.main.invite({ _: 'channels.inviteToChannel', channel: alice.main.inputChannel(club), users: [alice.main.inputUser(bob.id), alice.main.inputUser(carl.id)] });
  for (const { main } of [bob, carl]) await main.waitUntil('the supergroup', () => main.state.channels.find(club) !== undefined);
  await alice.main.call({ _: 'contacts.block', id: alice.main.inputPeer(carl.id) });
  await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(group), message: 'we row at seven', randomId: Long.fromNumber(Date.now()) });
  const rowing = await bob.sees('we row at seven');
  const sent = await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(club), message: 'we sail at six', randomId: Long.fromNumber(Date.now() + 1) });
  const sailing = sent._ === 'updates' ? sent.updates.find((update) => update._ === 'updateMessageID') : undefined;
  if (sailing?._ !== 'updateMessageID') throw new Error(sent._);
  await alice.main.call({ _: 'account.updateStatus', offline: true });
  await alice.main.goOffline();
  const before = relay.got.length;
  const toldSince = (): Got[] => readAll().slice(before);
  const react = async (peer: number, msgId: number, ...emoji: string[]): Promise<void> => reactAs(bob, peer, msgId, ...emoji);
  const reactAs = async ({ main }: Actor, peer: number, msgId: number, ...emoji: string[]): Promise<void> => {
    await main.change({ _: 'messages.sendReaction', peer: main.inputPeer(peer), msgId, reaction: emoji.map((emoticon) => ({ _: 'reactionEmoji', emoticon })) });
  };
  await react(group, rowing.id, '👍');
  await vi.waitFor(() => expect(toldSince()).toHaveLength(1), { timeout: TOLD_WITHIN_MS });
  expect(toldSince()[0]).toMatchObject({ loc_key: 'CHAT_REACT_TEXT', loc_args: ['Boris', '👍', 'Rowers', 'we row at seven'], custom: { chat_id: String(-group), chat_from_id: String(bob.id) } });
  await react(club, sailing.id, '❤');
  // Neither is this told, nor does it hide the one before it.
  await reactAs(carl, club, sailing.id, '👎');
  await vi.waitFor(() => expect(toldSince()).toHaveLength(2), { timeout: TOLD_WITHIN_MS });
  expect(toldSince()[1]).toMatchObject({ loc_key: 'CHAT_REACT_TEXT', loc_args: ['Boris', '❤', 'Sailors', 'we sail at six'], custom: { channel_id: String(-1_000_000_000_000 - club), chat_from_id: String(bob.id), msg_id: String(sailing.id) } });

  // Taken back before it was told: nothing is.
  await react(group, rowing.id);
  await react(group, rowing.id, '🔥');
  await react(group, rowing.id);
  await bob.send(alice, 'are you coming?');
  await vi.waitFor(() => expect(toldSince().at(-1)).toMatchObject({ loc_key: 'MESSAGE_TEXT' }), { timeout: TOLD_WITHIN_MS });
  expect(toldSince().map(({ loc_key: key }) => key)).toEqual(['CHAT_REACT_TEXT', 'CHAT_REACT_TEXT', 'MESSAGE_TEXT']);
});
