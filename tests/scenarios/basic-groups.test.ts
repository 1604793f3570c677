import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ env: { AEROGRAM_GROUP_MEMBERS_MAX: '5' } });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const CREATE = 'action:messageActionChatCreate';
const ADD = 'action:messageActionChatAddUser';
const REMOVE = 'action:messageActionChatDeleteUser';
const RENAME = 'action:messageActionChatEditTitle';

async function people(...names: string[]): Promise<Actor[]> {
  const actors: Actor[] = [];
  for (const name of names) actors.push(await scenario.world.user(name));
  return actors;
}

const news = ({ updates }: tl.messages.RawInvitedUsers): tl.TypeUpdate[] => (updates as tl.RawUpdates).updates;
const chatIn = (answer: tl.TypeUpdates): tl.RawChat => (answer as tl.RawUpdates).chats[0] as tl.RawChat;

/** Makes a group. */
async function create(creator: Actor, others: Actor[], title = 'Climbing'): Promise<{ id: number; answer: tl.messages.RawInvitedUsers }> {
  for (const other of others) await creator.meet(other);
  const users = others.map((other) => creator.main.inputUser(other.id));
  const answer = await creator.main.invite({ _: 'messages.createChat', users, title });
  return { id: chatIn(answer.updates).id, answer };
}

async function add(actor: Actor, chatId: number, other: Actor, fwdLimit = 0): Promise<tl.messages.RawInvitedUsers> {
  if (other !== actor) await actor.meet(other);
  const userId: tl.TypeInputUser = other === actor ? { _: 'inputUserSelf' } : actor.main.inputUser(other.id);
  return actor.main.invite({ _: 'messages.addChatUser', chatId, userId, fwdLimit });
}

async function remove(actor: Actor, chatId: number, other: Actor): Promise<tl.TypeUpdates> {
  const userId: tl.TypeInputUser = other === actor ? { _: 'inputUserSelf' } : actor.main.inputUser(other.id);
  return actor.main.change({ _: 'messages.deleteChatUser', chatId, userId });
}

const rename = (device: Device, chatId: number, title: string): Promise<tl.TypeUpdates> => device.change({ _: 'messages.editChatTitle', chatId, title });
const full = (actor: Actor, chatId: number): Promise<tl.messages.RawChatFull> => actor.main.call({ _: 'messages.getFullChat', chatId });
const seen = async (actor: Actor, chatId: number): Promise<tl.TypeChat> => (await actor.main.call({ _: 'messages.getChats', id: [chatId] })).chats[0]!;

/** Who is in the group, with the version of that list. */
async function membersOf(actor: Actor, chatId: number): Promise<{ version: number; members: string[] }> {
  const { fullChat, users } = await full(actor, chatId);
  const { participants } = fullChat as tl.RawChatFull;
  if (participants._ !== 'chatParticipants') throw new Error(participants._);
  const nameOf = (id: number): string => (users.find((user) => user.id === id) as tl.RawUser).firstName!;
  return { version: participants.version, members: participants.participants.map((row) => `${nameOf(row.userId)} ${row._}`).sort() };
}

/** Waits until the device was told of a version of the group, and returns it. */
const seesVersion = (device: Device, chatId: number, version: number): Promise<void> =>
  device.waitUntil(`version ${version}`, () => (device.state.groupVersions.get(chatId) ?? 0) >= version);

async function hideFromInvitations(actor: Actor): Promise<void> {
  await actor.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyChatInvite' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
}

describe('a basic group', () => {
  test('is made with one message, which all members and their devices get; who does not want to be added is named', async () => {
    const [alice, bob, carol, dora] = await people('Alice', 'Bob', 'Carol', 'Dora') as [Actor, Actor, Actor, Actor];
    const tablet = await alice.device();
    await hideFromInvitations(dora);
    await verifyUpdates([alice, bob, carol, dora], async () => {
      const { id, answer } = await create(alice, [bob, carol, dora]);
      const named = news(answer).filter((update) => update._ === 'updateMessageID');
      const messages = news(answer).filter((update) => update._ === 'updateNewMessage');
      expect(named).toHaveLength(1);
      expect(messages).toMatchObject([{ message: { id: named[0]!.id, out: true, action: { _: 'messageActionChatCreate', title: 'Climbing', users: [alice.id, bob.id, carol.id] } } }]);
      expect(named[0]!.randomId.isZero()).toBe(false);
      expect(answer.missingInvitees).toMatchObject([{ userId: dora.id }]);
      expect(chatIn(answer.updates)).toMatchObject({ _: 'chat', creator: true, title: 'Climbing', participantsCount: 3, version: 1 });
      for (const device of [tablet, bob.main, carol.main]) {
        await device.sees(CREATE);
        expect(await device.seesUpdate('updateChatParticipants')).toMatchObject({ participants: { chatId: id, version: 1 } });
      }
      expect(await membersOf(bob, id)).toEqual({ version: 1, members: ['Alice chatParticipantCreator', 'Bob chatParticipant', 'Carol chatParticipant'] });
      expect(dora.main.find(CREATE)).toBeUndefined();
    });
  });

  test('may have one member only, and a lifetime without a second message', async () => {
    const [alice] = await people('Alice') as [Actor];
    await verifyUpdates([alice], async () => {
      const answer = await alice.main.invite({ _: 'messages.createChat', users: [], title: ' \n Just\nme ', ttlPeriod: 86_400 });
      expect(chatIn(answer.updates)).toMatchObject({ title: 'Just me', participantsCount: 1 });
      expect(news(answer).filter((update) => update._ === 'updateNewMessage')).toHaveLength(1);
      expect((await full(alice, chatIn(answer.updates).id)).fullChat).toMatchObject({ ttlPeriod: 86_400 });
    });
  });

  test('counts each change of members, admins and rights once, on all devices, also on one that was away', async () => {
    const [alice, bob, carol, dora] = await people('Alice', 'Bob', 'Carol', 'Dora') as [Actor, Actor, Actor, Actor];
    const { id } = await create(alice, [bob, carol]);
    const peer = { _: 'inputPeerChat' as const, chatId: id };
    await bob.sees(CREATE);
    await carol.sees(CREATE);
    const tablet = await bob.device();
    await bob.meet(carol);
    await bob.meet(dora);
    await tablet.goOffline();
    await verifyUpdates([alice, bob, carol], async () => {
      expect(chatIn((await add(bob, id, dora)).updates)).toMatchObject({ participantsCount: 4, version: 2 });
      await alice.main.call({ _: 'messages.editChatAdmin', chatId: id, userId: alice.main.inputUser(carol.id), isAdmin: true });
      // A repeat changes nothing.
      await alice.main.call({ _: 'messages.editChatAdmin', chatId: id, userId: alice.main.inputUser(carol.id), isAdmin: true });
      const restricted = await carol.main.change({
        _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', changeInfo: true, sendMedia: true, untilDate: 0 },
      });
      expect(restricted).toMatchObject({ updates: [{ _: 'updateChatDefaultBannedRights', version: 4, defaultBannedRights: { changeInfo: true, sendPhotos: true } }] });
      await alice.meet(dora);
      await remove(carol, id, dora);
      await alice.main.change({ _: 'messages.editChatParticipantRank', peer, participant: alice.main.inputPeer(bob.id), rank: 'belayer' });
      await rename(alice.main, id, 'Bouldering');
      for (const device of [alice.main, bob.main, carol.main]) {
        await device.sees(RENAME);
        await seesVersion(device, id, 6);
      }
    });
    for (const actor of [alice, bob]) {
      expect(await membersOf(actor, id)).toEqual({ version: 6, members: ['Alice chatParticipantCreator', 'Bob chatParticipant', 'Carol chatParticipantAdmin'] });
    }
    await tablet.goOnline();
    await tablet.catchUp();
    const told = tablet.events.flatMap((event) => ('version' in event ? [`${event._} ${String(event.version)}`] : []));
    expect(told).toEqual([
      'updateChatParticipantAdd 2', 'updateChatParticipantAdmin 3', 'updateChatDefaultBannedRights 4', 'updateChatParticipantDelete 5', 'updateChatParticipantRank 6',
    ]);
    expect(tablet.state.violations).toEqual([]);
    for (const text of [ADD, REMOVE, RENAME]) expect(tablet.find(text)).toBeDefined();
    // Dora got what happened while she was a member.
    expect(await dora.sees(REMOVE)).toMatchObject({ out: false });
    expect(dora.main.find(RENAME)).toBeUndefined();
    expect(await seen(dora, id)).toEqual({ _: 'chatForbidden', id, title: 'Bouldering' });
    expect((await full(dora, id)).fullChat).toMatchObject({ about: '', participants: { _: 'chatParticipantsForbidden' } });
  });

  test('can be left, and returned to, and belongs to whom has made it', async () => {
    const [alice, bob] = await people('Alice', 'Bob') as [Actor, Actor];
    const { id } = await create(alice, [bob]);
    await bob.sees(CREATE);
    await verifyUpdates([alice, bob], async () => {
      await remove(alice, id, alice);
      await bob.sees(REMOVE);
      expect(await seen(alice, id)).toMatchObject({ _: 'chat', left: true, creator: false, participantsCount: 0 });
      expect(await bob.main.fails({ _: 'messages.addChatUser', chatId: id, userId: await inputOf(bob, alice), fwdLimit: 0 })).toEqual({ code: 400, text: 'USER_NOT_MUTUAL_CONTACT' });
      await add(alice, id, alice);
      await bob.sees(ADD);
    });
    expect(await membersOf(bob, id)).toEqual({ version: 3, members: ['Alice chatParticipantCreator', 'Bob chatParticipant'] });
    await remove(alice, id, bob);
    expect(await bob.main.fails({ _: 'messages.addChatUser', chatId: id, userId: { _: 'inputUserSelf' }, fwdLimit: 0 })).toEqual({ code: 403, text: 'CHAT_WRITE_FORBIDDEN' });
  });

  test('has a description, which all members learn to read anew', async () => {
    const [alice, bob] = await people('Alice', 'Bob') as [Actor, Actor];
    const { id } = await create(alice, [bob]);
    const peer = { _: 'inputPeerChat' as const, chatId: id };
    await bob.sees(CREATE);
    await verifyUpdates([alice, bob], async () => {
      expect(await alice.main.call({ _: 'messages.editChatAbout', peer, about: 'Every\r\nThursday ' })).toBe(true);
      await bob.main.seesUpdate('updateChat');
    });
    expect((await full(bob, id)).fullChat).toMatchObject({ about: 'Every\nThursday' });
    expect(await alice.main.fails({ _: 'messages.editChatAbout', peer, about: 'Every\nThursday' })).toEqual({ code: 400, text: 'CHAT_ABOUT_NOT_MODIFIED' });
    expect(await alice.main.fails({ _: 'messages.editChatAbout', peer, about: 'x'.repeat(256) })).toEqual({ code: 400, text: 'CHAT_ABOUT_TOO_LONG' });
  });

  test('can be ended by its creator: all members lose it and its messages', async () => {
    const [alice, bob] = await people('Alice', 'Bob') as [Actor, Actor];
    const { id } = await create(alice, [bob]);
    await bob.sees(CREATE);
    expect(await bob.main.fails({ _: 'messages.deleteChat', chatId: id })).toEqual({ code: 400, text: 'CHAT_ADMIN_REQUIRED' });
    expect(await alice.main.call({ _: 'messages.deleteChat', chatId: id })).toBe(true);
    expect(await alice.main.call({ _: 'messages.deleteChat', chatId: id })).toBe(true);
    await alice.seesGone(CREATE);
    await bob.seesGone(CREATE);
    expect(await seen(bob, id)).toMatchObject({ _: 'chatForbidden' });
    expect(await alice.main.fails({ _: 'messages.editChatTitle', chatId: id, title: 'Again' })).toEqual({ code: 403, text: 'CHAT_WRITE_FORBIDDEN' });
    await verifyUpdates([alice, bob], async () => {});
  });

  test('has no unread mentions, and answers clients that mark them as read', async () => {
    const [alice, bob] = await people('Alice', 'Bob') as [Actor, Actor];
    const { id } = await create(alice, [bob]);
    await bob.sees(CREATE);
    const peer = { _: 'inputPeerChat' as const, chatId: id };
    expect(await bob.main.call({ _: 'messages.readMentions', peer })).toEqual({ _: 'messages.affectedHistory', pts: bob.main.state.pts, ptsCount: 0, offset: 0 });
    expect(await bob.main.call({ _: 'messages.getUnreadMentions', peer, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 })).toMatchObject({ _: 'messages.messages', messages: [] });
  });

  test('is among what two people have in common', async () => {
    const [alice, bob, carol] = await people('Alice', 'Bob', 'Carol') as [Actor, Actor, Actor];
    const first = await create(alice, [bob], 'First');
    const second = await create(alice, [bob, carol], 'Second');
    const common = (maxId: number, limit: number): Promise<tl.messages.TypeChats> =>
      alice.main.call({ _: 'messages.getCommonChats', userId: alice.main.inputUser(bob.id), maxId, limit });
    expect(await common(0, 10)).toMatchObject({ _: 'messages.chats', chats: [{ id: second.id }, { id: first.id }] });
    expect(await common(0, 1)).toMatchObject({ _: 'messages.chatsSlice', count: 2, chats: [{ id: second.id }] });
    expect(await common(second.id, 1)).toMatchObject({ _: 'messages.chatsSlice', count: 2, chats: [{ id: first.id }] });
    const { fullUser } = await alice.main.call({ _: 'users.getFullUser', id: alice.main.inputUser(bob.id) });
    expect(fullUser.commonChatsCount).toBe(2);
    await remove(alice, first.id, bob);
    expect(await common(0, 10)).toMatchObject({ _: 'messages.chats', chats: [{ id: second.id }] });
    await bob.main.call({ _: 'account.updateStatus', offline: false });
    const { onlines } = await alice.main.call({ _: 'messages.getOnlines', peer: { _: 'inputPeerChat', chatId: second.id } });
    expect(onlines).toBeGreaterThanOrEqual(1);
  });
});

async function inputOf(actor: Actor, other: Actor): Promise<tl.RawInputUser> {
  await actor.meet(other);
  return actor.main.inputUser(other.id);
}

describe('what members may not do in a basic group', () => {
  test('is refused by name', async () => {
    const [alice, bob, carol, dora, eve, frank] = await people('Alice', 'Bob', 'Carol', 'Dora', 'Eve', 'Frank') as [Actor, Actor, Actor, Actor, Actor, Actor];
    const { id } = await create(alice, [bob, carol]);
    await bob.sees(CREATE);
    const peer = { _: 'inputPeerChat' as const, chatId: id };
    const rights = (change: Partial<tl.RawChatBannedRights>): tl.RpcMethod => ({
      _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, ...change },
    });
    const [aliceIn, carolIn, doraIn, frankIn] = [await inputOf(bob, alice), await inputOf(bob, carol), await inputOf(bob, dora), await inputOf(alice, frank)];
    const cases: [Actor, tl.RpcMethod, string][] = [
      [alice, { _: 'messages.createChat', users: [], title: ' \u200b ' }, 'CHAT_TITLE_EMPTY'],
      [alice, { _: 'messages.createChat', users: [], title: 'x', ttlPeriod: 5 }, 'TTL_PERIOD_INVALID'],
      [alice, { _: 'messages.createChat', users: [{ _: 'inputUser', userId: dora.id, accessHash: aliceIn.accessHash }], title: 'x' }, 'USER_ID_INVALID'],
      [bob, { _: 'messages.addChatUser', chatId: id, userId: carolIn, fwdLimit: 0 }, 'USER_ALREADY_PARTICIPANT'],
      [bob, { _: 'messages.addChatUser', chatId: id, userId: { _: 'inputUserSelf' }, fwdLimit: 0 }, 'USER_ALREADY_PARTICIPANT'],
      [bob, { _: 'messages.deleteChatUser', chatId: id, userId: carolIn }, 'CHAT_ADMIN_REQUIRED'],
      [bob, { _: 'messages.deleteChatUser', chatId: id, userId: aliceIn }, 'CHAT_ADMIN_REQUIRED'],
      [bob, { _: 'messages.deleteChatUser', chatId: id, userId: doraIn }, 'USER_NOT_PARTICIPANT'],
      [bob, { _: 'messages.editChatAdmin', chatId: id, userId: carolIn, isAdmin: true }, 'CHAT_ADMIN_REQUIRED'],
      [alice, { _: 'messages.editChatAdmin', chatId: id, userId: { _: 'inputUserSelf' }, isAdmin: false }, 'USER_ID_INVALID'],
      [alice, { _: 'messages.editChatAdmin', chatId: id, userId: frankIn, isAdmin: true }, 'USER_NOT_PARTICIPANT'],
      [bob, rights({ sendPolls: true }), 'CHAT_ADMIN_REQUIRED'],
      [alice, rights({}), 'CHAT_NOT_MODIFIED'],
      [alice, rights({ viewMessages: true }), 'BANNED_RIGHTS_INVALID'],
      [alice, rights({ sendPolls: true, untilDate: 5 }), 'UNTIL_DATE_INVALID'],
      [alice, { _: 'messages.editChatTitle', chatId: id, title: 'Climbing' }, 'CHAT_NOT_MODIFIED'],
      [alice, { _: 'messages.editChatTitle', chatId: id, title: '' }, 'CHAT_TITLE_EMPTY'],
      [alice, { _: 'messages.editChatPhoto', chatId: id, photo: { _: 'inputChatPhotoEmpty' } }, 'CHAT_NOT_MODIFIED'],
      [alice, { _: 'messages.editChatPhoto', chatId: id, photo: { _: 'inputChatPhoto', id: { _: 'inputPhotoEmpty' } } }, 'PHOTO_INVALID'],
      [bob, { _: 'messages.editChatParticipantRank', peer, participant: { _: 'inputPeerUser', ...pick(carolIn) }, rank: 'x' }, 'CHAT_ADMIN_REQUIRED'],
      [alice, { _: 'messages.editChatParticipantRank', peer, participant: { _: 'inputPeerSelf' }, rank: 'x'.repeat(17) }, 'ADMIN_RANK_INVALID'],
      [alice, { _: 'messages.editChatParticipantRank', peer, participant: { _: 'inputPeerSelf' }, rank: '🙂' }, 'ADMIN_RANK_EMOJI_NOT_ALLOWED'],
      [dora, { _: 'messages.getFullChat', chatId: id }, 'CHAT_ID_INVALID'],
      [dora, { _: 'messages.getChats', id: [id] }, 'CHAT_ID_INVALID'],
      [dora, { _: 'messages.getChats', id: [id, 1] }, 'CHAT_ID_INVALID'],
      [dora, { _: 'messages.getOnlines', peer }, 'CHAT_ID_INVALID'],
      [dora, { _: 'messages.editChatTitle', chatId: id, title: 'Mine' }, 'CHAT_ID_INVALID'],
      [dora, { _: 'messages.deleteChatUser', chatId: id, userId: { _: 'inputUserSelf' } }, 'CHAT_ID_INVALID'],
      [alice, { _: 'messages.editChatAbout', peer: { _: 'inputPeerSelf' }, about: 'x' }, 'PEER_ID_INVALID'],
      [alice, { _: 'messages.getChats', id: [10 ** 12 + 10] }, 'CHAT_ID_INVALID'],
      [alice, { _: 'messages.editChatTitle', chatId: -bob.id, title: 'x' }, 'CHAT_ID_INVALID'],
    ];
    for (const [actor, request, text] of cases) expect([request._, (await actor.main.fails(request)).text]).toEqual([request._, text]);

    await alice.main.change(rights({ inviteUsers: true, changeInfo: true }) as tl.messages.RawEditChatDefaultBannedRightsRequest);
    expect((await bob.main.fails({ _: 'messages.addChatUser', chatId: id, userId: doraIn, fwdLimit: 0 })).text).toBe('CHAT_ADMIN_REQUIRED');
    expect((await bob.main.fails({ _: 'messages.editChatTitle', chatId: id, title: 'Mine' })).text).toBe('CHAT_ADMIN_REQUIRED');
    await add(alice, id, dora);
    await add(alice, id, eve);
    expect((await alice.main.fails({ _: 'messages.addChatUser', chatId: id, userId: frankIn, fwdLimit: 0 })).text).toBe('USERS_TOO_MUCH');
    await remove(alice, id, eve);
    await alice.main.call({ _: 'contacts.block', id: alice.main.inputPeer(frank.id) });
    expect((await alice.main.fails({ _: 'messages.addChatUser', chatId: id, userId: frankIn, fwdLimit: 0 })).text).toBe('YOU_BLOCKED_USER');
    await alice.main.call({ _: 'contacts.unblock', id: alice.main.inputPeer(frank.id) });
    await hideFromInvitations(frank);
    const left = await add(alice, id, frank);
    expect(left).toMatchObject({ missingInvitees: [{ userId: frank.id }], updates: { updates: [] } });
    expect((await membersOf(alice, id)).members).toHaveLength(4);
  });
});

const pick = ({ userId, accessHash }: tl.RawInputUser): Pick<tl.RawInputUser, 'userId' | 'accessHash'> => ({ userId, accessHash });
