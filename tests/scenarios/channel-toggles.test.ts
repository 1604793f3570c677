import type { Actor } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, postIn, promoteIn } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let names = 0;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type Toggle = 'channels.toggleParticipantsHidden' | 'channels.toggleJoinToSend' | 'channels.toggleJoinRequest';

const plainId = (id: number): bigint => BigInt(-1_000_000_000_000 - id);

const toggle = (method: Toggle, actor: Actor, id: number, enabled: boolean): Promise<tl.TypeUpdates> =>
  actor.main.change({ _: method, channel: actor.main.inputChannel(id), enabled });

const refused = async (method: Toggle, actor: Actor, id: number, enabled: boolean): Promise<string> =>
  (await actor.main.fails({ _: method, channel: actor.main.inputChannel(id), enabled })).text;

const gigagroup = (actor: Actor, id: number) => ({ _: 'channels.convertToGigagroup' as const, channel: actor.main.inputChannel(id) });

const recent = (actor: Actor, id: number) =>
  ({ _: 'channels.getParticipants', channel: actor.main.inputChannel(id), filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 10, hash: Long.ZERO }) as const;

/** Makes the server believe that a channel has so many members. */
async function countAs(id: number, members: number): Promise<void> {
  await sql`UPDATE channel_heads SET members = ${members} WHERE channel_id = ${plainId(id)}`.execute(scenario.server.db.q);
}

test('admins with the right hide the members of a large group from ordinary members', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const method = 'channels.toggleParticipantsHidden';
  expect(await refused(method, alice, id, true)).toBe('PARTICIPANTS_TOO_FEW');
  await countAs(id, 100);
  expect(await refused(method, bob, id, true)).toBe('CHAT_ADMIN_REQUIRED');
  await promoteIn(alice, id, bob, { changeInfo: true });
  expect(await refused(method, bob, id, true)).toBe('CHAT_ADMIN_REQUIRED');
  await promoteIn(alice, id, bob, {});
  await toggle(method, alice, id, true);
  await bob.main.seesUpdate('updateChannel');
  const fullOf = async (actor: Actor) => (await actor.main.call({ _: 'channels.getFullChannel', channel: actor.main.inputChannel(id) })).fullChat as tl.RawChannelFull;
  const [toBob, toAlice] = [await fullOf(bob), await fullOf(alice)];
  expect([toBob.participantsHidden, toBob.canViewParticipants]).toEqual([true, false]);
  expect([toAlice.participantsHidden, toAlice.canViewParticipants]).toEqual([true, true]);
  expect((await bob.main.fails(recent(bob, id))).text).toBe('CHAT_ADMIN_REQUIRED');
  expect(await refused(method, alice, id, true)).toBe('CHAT_NOT_MODIFIED');
  await toggle(method, alice, id, false);
  expect((await fullOf(bob)).canViewParticipants).toBe(true);
});

test('members learn that only members may write, and that admins let people in', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await toggle('channels.toggleJoinToSend', alice, id, true);
  const chatOf = async (actor: Actor) => (await actor.main.call({ _: 'channels.getChannels', id: [actor.main.inputChannel(id)] })).chats[0] as tl.RawChannel;
  expect((await chatOf(bob)).joinToSend).toBe(true);
  expect(await refused('channels.toggleJoinToSend', bob, id, false)).toBe('CHAT_ADMIN_REQUIRED');
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: `toggled_name_${++names}` });
  await toggle('channels.toggleJoinRequest', alice, id, true);
  expect((await chatOf(carol)).joinRequest).toBe(true);
  const channel = bob.main.inputChannel(id);
  await bob.main.change({ _: 'channels.leaveChannel', channel });
  expect((await bob.main.fails({ _: 'channels.joinChannel', channel })).text).toBe('INVITE_REQUEST_SENT');
  await toggle('channels.toggleJoinRequest', alice, id, false);
  expect(await bob.main.change({ _: 'channels.joinChannel', channel })).toMatchObject({ _: 'messages.chatInviteJoinResultOk' });
});

test('the owner of a large supergroup makes a gigagroup of it, in which only admins write', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  expect((await alice.main.fails(gigagroup(alice, id))).text).toBe('PARTICIPANTS_TOO_FEW');
  await countAs(id, 199_000);
  expect((await bob.main.fails(gigagroup(bob, id))).text).toBe('CHAT_ADMIN_REQUIRED');
  const { chats } = (await alice.main.change(gigagroup(alice, id))) as tl.RawUpdates;
  expect(chats).toMatchObject([{ megagroup: true, gigagroup: true }]);
  await bob.main.seesUpdate('updateChannel');
  await postIn(alice, id, 'from an admin');
  await bob.sees('from an admin');
  const post = { _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'x', randomId: Long.ONE } as const;
  expect((await bob.main.fails(post)).text).toBe('CHAT_WRITE_FORBIDDEN');
  expect((await alice.main.fails(gigagroup(alice, id))).text).toBe('CHANNEL_INVALID');
  expect(await refused('channels.toggleJoinToSend', alice, id, true)).toBe('CHANNEL_INVALID');
  expect(await refused('channels.toggleJoinRequest', alice, id, true)).toBe('CHANNEL_INVALID');
});

test('photos, emoji statuses and settings that a channel cannot have are refused with the error that clients know', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const news = await createChannel(alice, 'broadcast');
  const channel = alice.main.inputChannel(id);
  const text = async (actor: Actor, request: Parameters<Actor['main']['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;
  const noPhoto = { _: 'inputChatPhotoEmpty' } as const;
  expect(await text(alice, { _: 'channels.editPhoto', channel, photo: noPhoto })).toBe('CHAT_NOT_MODIFIED');
  expect(await text(bob, { _: 'channels.editPhoto', channel: bob.main.inputChannel(id), photo: noPhoto })).toBe('CHAT_NOT_MODIFIED');
  expect(await text(alice, { _: 'channels.editPhoto', channel, photo: { _: 'inputChatUploadedPhoto' } })).toBe('PHOTO_INVALID');
  expect(await text(alice, { _: 'channels.updateEmojiStatus', channel, emojiStatus: { _: 'emojiStatusEmpty' } })).toBe('CHAT_NOT_MODIFIED');
  expect(await text(alice, { _: 'channels.updateEmojiStatus', channel, emojiStatus: { _: 'emojiStatus', documentId: Long.fromInt(5) } })).toBe('DOCUMENT_INVALID');
  expect(await text(alice, { _: 'channels.toggleAntiSpam', channel, enabled: true })).toBe('METHOD_INVALID');
  expect(await text(alice, { _: 'channels.reportAntiSpamFalsePositive', channel, msgId: 1 })).toBe('METHOD_INVALID');
  for (const method of ['channels.toggleParticipantsHidden', 'channels.toggleJoinToSend'] as const) {
    expect(await refused(method, alice, news, true)).toBe('CHANNEL_INVALID');
  }
  expect(await text(alice, gigagroup(alice, news))).toBe('CHANNEL_INVALID');
});

test('the colours and the first tab of a profile are set by admins, and seen by members', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const channel = alice.main.inputChannel(id);
  const color = (actor: Actor, more: Partial<tl.channels.RawUpdateColorRequest>): tl.channels.RawUpdateColorRequest => ({ _: 'channels.updateColor', channel: actor.main.inputChannel(id), ...more });
  const text = async (actor: Actor, request: Parameters<Actor['main']['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;
  const { chats } = (await alice.main.change(color(alice, { color: 3 }))) as tl.RawUpdates;
  expect(chats).toMatchObject([{ color: { _: 'peerColor', color: 3 } }]);
  await bob.main.seesUpdate('updateChannel');
  await alice.main.change(color(alice, { color: 5, forProfile: true }));
  await alice.main.change({ _: 'channels.setMainProfileTab', channel, tab: { _: 'profileTabLinks' } });
  const seen = await bob.main.call({ _: 'channels.getFullChannel', channel: bob.main.inputChannel(id) });
  expect(seen).toMatchObject({ fullChat: { mainTab: { _: 'profileTabLinks' } }, chats: [{ color: { color: 3 }, profileColor: { color: 5 } }] });
  expect(await text(alice, color(alice, { color: 3 }))).toBe('CHAT_NOT_MODIFIED');
  expect(await text(alice, color(alice, { color: 9999 }))).toBe('COLOR_INVALID');
  expect(await text(alice, color(alice, { backgroundEmojiId: Long.fromInt(5) }))).toBe('DOCUMENT_INVALID');
  expect(await text(alice, { _: 'channels.setMainProfileTab', channel, tab: { _: 'profileTabLinks' } })).toBe('CHAT_NOT_MODIFIED');
  expect(await text(bob, color(bob, { color: 4 }))).toBe('CHAT_ADMIN_REQUIRED');
  expect(await text(bob, { _: 'channels.setMainProfileTab', channel: bob.main.inputChannel(id), tab: { _: 'profileTabGifs' } })).toBe('CHAT_ADMIN_REQUIRED');
  await alice.main.change(color(alice, {}));
  expect((await bob.main.call({ _: 'channels.getChannels', id: [bob.main.inputChannel(id)] })).chats[0]).not.toHaveProperty('color.color');
});
