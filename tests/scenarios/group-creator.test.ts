import type { tl } from '@mtcute/node';
import { enableCloudPassword } from '@mtcute/node/methods.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, createShiftedClock, type Device, verifyUpdates } from '@aerogram/dev-env';
import { createGroup, type Group, leave, people, promote, write } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const DAY_S = 86_400;
const ANNOUNCED = 'action:messageActionNewCreatorPending';
const HANDED_OVER = 'action:messageActionChangeCreator';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock, env: { AEROGRAM_OWNER_RETURN_DAYS: '1' } });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Changes what time or numbers would take long to change. */
async function inDatabase(statement: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: scenario.server.databaseUrl });
  await client.connect();
  await client.query(statement, values);
  await client.end();
}

/** Name and role of each member, as somebody sees them. */
async function rolesOf(actor: Actor, { id }: Group): Promise<Record<string, string>> {
  const { fullChat, users } = await actor.main.call({ _: 'messages.getFullChat', chatId: id });
  const { participants } = fullChat as tl.RawChatFull;
  if (participants._ !== 'chatParticipants') throw new Error(participants._);
  const nameOf = (userId: number): string => (users.find((user) => user.id === userId) as tl.RawUser).firstName ?? 'Deleted Account';
  return Object.fromEntries(participants.participants.map((row) => [nameOf(row.userId), row._.replace('chatParticipant', '') || 'Member']));
}

const proofOf = async (device: Device, password: string): Promise<tl.TypeInputCheckPasswordSRP> =>
  device.client.computeSrpParams(await device.call({ _: 'account.getPassword' }), password);

const futureOf = (actor: Actor, { peer }: Group): Promise<tl.TypeUser> => actor.main.call({ _: 'messages.getFutureChatCreatorAfterLeave', peer });

describe('the creator of a basic group', () => {
  test('gives it to another member with the password, and becomes an admin', { timeout: 120_000 }, async () => {
    const [alice, bob, carol, dave] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Dave')) as [Actor, Actor, Actor, Actor];
    const group = await createGroup(alice, [bob, carol]);
    await alice.meet(dave);
    const give = (password: tl.TypeInputCheckPasswordSRP, to = bob): tl.messages.RawEditChatCreatorRequest => ({
      _: 'messages.editChatCreator', peer: group.peer, userId: alice.main.inputUser(to.id), password,
    });
    const empty: tl.TypeInputCheckPasswordSRP = { _: 'inputCheckPasswordEmpty' };
    // Clients ask this without naming a group.
    const ask: tl.messages.RawEditChatCreatorRequest = { _: 'messages.editChatCreator', peer: { _: 'inputPeerEmpty' }, userId: { _: 'inputUserEmpty' }, password: empty };
    expect((await alice.main.fails(ask)).text).toBe('PASSWORD_MISSING');
    await enableCloudPassword(alice.main.client, { password: 'correct horse', hint: '' });
    expect((await alice.main.fails(ask)).text).toBe('PASSWORD_TOO_FRESH_%d');
    clock.shift(7 * DAY_S * 1000 + 60_000);
    expect((await alice.main.fails(ask)).text).toBe('PASSWORD_HASH_INVALID');
    expect((await alice.main.fails(give(await proofOf(alice.main, 'wrong horse')))).text).toBe('PASSWORD_HASH_INVALID');
    expect((await alice.main.fails(give(await proofOf(alice.main, 'correct horse'), alice))).text).toBe('USER_ID_INVALID');
    expect((await alice.main.fails(give(await proofOf(alice.main, 'correct horse'), dave))).text).toBe('USER_NOT_PARTICIPANT');
    await verifyUpdates([alice, bob, carol], async () => {
      const request = give(await proofOf(alice.main, 'correct horse'));
      const answer = await alice.main.change(request);
      expect(answer).toMatchObject({ updates: [{ _: 'updateChatParticipants', participants: { version: 2 } }], chats: [{ id: group.id, adminRights: {} }] });
      await carol.main.seesUpdate('updateChatParticipants', ({ participants }) => participants._ === 'chatParticipants' && participants.version === 2);
      // A repeat of the call, whose answer was lost.
      await alice.main.call(request);
    });
    expect(await rolesOf(carol, group)).toEqual({ Alice: 'Admin', Bob: 'Creator', Carol: 'Member' });
    expect((await alice.main.fails(give(await proofOf(alice.main, 'correct horse'), carol))).text).toBe('CHAT_ADMIN_REQUIRED');
    await bob.main.call({ _: 'messages.editChatAdmin', chatId: group.id, userId: bob.main.inputUser(alice.id), isAdmin: false });
    expect(await rolesOf(carol, group)).toEqual({ Alice: 'Member', Bob: 'Creator', Carol: 'Member' });
  });

  test('needs a device that was logged in a day ago to give it away', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    clock.shift(2 * DAY_S * 1000);
    const tablet = await alice.device();
    await enableCloudPassword(alice.main.client, { password: 'correct horse', hint: '' });
    // The password becomes old enough, the tablet's log-in does not.
    await inDatabase('UPDATE passwords SET changed_date = changed_date - $1 WHERE user_id = $2', [8 * DAY_S, alice.id]);
    const give = async (device: Device): Promise<tl.messages.RawEditChatCreatorRequest> => ({
      _: 'messages.editChatCreator', peer: group.peer, userId: alice.main.inputUser(bob.id), password: await proofOf(device, 'correct horse'),
    });
    expect((await tablet.fails(await give(tablet))).text).toBe('SESSION_TOO_FRESH_%d');
    await alice.main.change(await give(alice.main));
    expect(await rolesOf(bob, group)).toEqual({ Alice: 'Admin', Bob: 'Creator' });
  });

  test('who leaves and does not come back in time hands it over to the admin who has been there for the longest time', { timeout: 120_000 }, async () => {
    const [alice, bob, carol, dave] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Dave')) as [Actor, Actor, Actor, Actor];
    const group = await createGroup(alice, [bob, carol]);
    clock.shift(1000);
    await alice.meet(dave);
    await alice.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: alice.main.inputUser(dave.id), fwdLimit: 0 });
    expect(await futureOf(alice, group)).toMatchObject({ _: 'userEmpty' });
    for (const member of [dave, carol]) await promote(alice, group, member);
    expect((await bob.main.fails({ _: 'messages.getFutureChatCreatorAfterLeave', peer: group.peer })).text).toBe('CHAT_ADMIN_REQUIRED');
    expect(await futureOf(alice, group)).toMatchObject({ _: 'user', id: carol.id });
    await verifyUpdates([alice, bob, carol, dave], async () => {
      await leave(alice, group);
      for (const actor of [bob, carol, dave]) expect(await actor.sees(ANNOUNCED)).toMatchObject({ from: alice.id, peer: -group.id });
    });
    expect(await rolesOf(bob, group)).toEqual({ Bob: 'Member', Carol: 'Admin', Dave: 'Admin' });
    clock.shift(DAY_S * 1000);
    await verifyUpdates([bob, carol, dave], async () => {
      for (const actor of [bob, carol, dave]) expect(await actor.sees(HANDED_OVER)).toMatchObject({ from: alice.id, peer: -group.id });
      await bob.main.seesUpdate('updateChatParticipants', ({ participants }) => participants._ === 'chatParticipants' && participants.version === 6);
    });
    for (const text of [ANNOUNCED, HANDED_OVER]) expect(alice.main.find(text)).toBeUndefined();
    expect(await rolesOf(bob, group)).toEqual({ Bob: 'Member', Carol: 'Creator', Dave: 'Admin' });
    await alice.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: { _: 'inputUserSelf' }, fwdLimit: 0 });
    expect(await rolesOf(bob, group)).toEqual({ Alice: 'Member', Bob: 'Member', Carol: 'Creator', Dave: 'Admin' });
  });

  test('who leaves a group without admins is its creator again after coming back', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    await verifyUpdates([alice, bob], async () => {
      await leave(alice, group);
      await bob.sees('action:messageActionChatDeleteUser');
      await alice.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: { _: 'inputUserSelf' }, fwdLimit: 0 });
      await bob.sees('action:messageActionChatAddUser');
    });
    expect(await rolesOf(bob, group)).toEqual({ Alice: 'Creator', Bob: 'Member' });
  });

  test('who comes back in time is the creator again, and nobody is later', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    await promote(alice, group, bob);
    await leave(alice, group);
    await bob.sees(ANNOUNCED);
    clock.shift(0.4 * DAY_S * 1000);
    await alice.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: { _: 'inputUserSelf' }, fwdLimit: 0 });
    clock.shift(0.2 * DAY_S * 1000);
    await leave(alice, group);
    // The time since the first leaving is over, that since the second is not.
    clock.shift(0.5 * DAY_S * 1000);
    await write(bob, group, 'still waiting');
    expect(await rolesOf(bob, group)).toEqual({ Bob: 'Admin' });
    clock.shift(0.5 * DAY_S * 1000);
    await bob.sees(HANDED_OVER);
    expect(await rolesOf(bob, group)).toEqual({ Bob: 'Creator' });
  });

  test('whose account is deleted leaves, and is replaced by the next admin', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob, carol]);
    await promote(alice, group, carol);
    await write(alice, group, 'mine');
    for (const actor of [bob, carol]) await actor.sees('mine');
    await verifyUpdates([bob, carol], async () => {
      await alice.main.call({ _: 'account.deleteAccount', reason: 'tired' });
      for (const actor of [bob, carol]) await actor.sees(ANNOUNCED);
    });
    expect(await rolesOf(bob, group)).toEqual({ Bob: 'Member', Carol: 'Admin' });
    expect(await bob.sees('mine')).toMatchObject({ from: alice.id });
    clock.shift(DAY_S * 1000);
    await verifyUpdates([bob, carol], async () => {
      for (const actor of [bob, carol]) await actor.sees(HANDED_OVER);
    });
    expect(await rolesOf(bob, group)).toEqual({ Bob: 'Member', Carol: 'Creator' });
  });
});

describe('who has read a message in a basic group', () => {
  test('is told to its author, with the time, for a week', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    await alice.send(bob, 'only for you');
    const privately = alice.main.find('only for you')!;
    const group = await createGroup(alice, [bob, carol]);
    await write(alice, group, 'first');
    await write(alice, group, 'second');
    const [first, second] = [await alice.sees('first'), await alice.sees('second')];
    const ask = (msgId: number) => ({ _: 'messages.getMessageReadParticipants', peer: group.peer, msgId }) as const;
    expect(await alice.main.call(ask(first.id))).toEqual([]);
    await bob.read(await bob.sees('first'));
    clock.shift(60_000);
    await carol.read(await carol.sees('second'));
    const later = clock.now();
    clock.shift(60_000);
    await bob.read(await bob.sees('second'));
    const readers = await alice.main.call(ask(first.id));
    expect(readers.map(({ userId }) => userId)).toEqual([carol.id, bob.id]);
    expect(readers[0]!.date - readers[1]!.date).toBeGreaterThanOrEqual(59);
    expect(Math.abs(readers[0]!.date - later)).toBeLessThan(30);
    expect((await alice.main.call(ask(second.id))).map(({ userId }) => userId)).toEqual([bob.id, carol.id]);
    // What was read in the group says nothing of the chat of the two.
    expect((await alice.main.fails({ _: 'messages.getOutboxReadDate', peer: alice.main.inputPeer(bob.id), msgId: privately.id })).text).toBe('MESSAGE_NOT_READ_YET');

    const named = async (actor: Actor, request: Parameters<Device['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;
    expect(await named(bob, ask((await bob.sees('first')).id))).toBe('MSG_ID_INVALID');
    expect(await named(alice, ask(privately.id))).toBe('MSG_ID_INVALID');
    expect(await named(alice, ask(first.id + 1000))).toBe('MSG_ID_INVALID');
    expect(await named(alice, { _: 'messages.getMessageReadParticipants', peer: alice.main.inputPeer(bob.id), msgId: privately.id })).toBe('PEER_ID_INVALID');
    await leave(carol, group);
    expect((await alice.main.call(ask(first.id))).map(({ userId }) => userId)).toEqual([bob.id]);
    await inDatabase('UPDATE chats SET members = members + 99 WHERE chat_id = $1', [group.id]);
    expect(await named(alice, ask(first.id))).toBe('CHAT_TOO_BIG');
    await inDatabase('UPDATE chats SET members = members - 99 WHERE chat_id = $1', [group.id]);
    clock.shift(7 * DAY_S * 1000);
    expect(await named(alice, ask(first.id))).toBe('MSG_TOO_OLD');
    await leave(alice, group);
    expect(await named(alice, ask(first.id))).toBe('CHAT_WRITE_FORBIDDEN');
  });
});
