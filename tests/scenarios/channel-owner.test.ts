import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { enableCloudPassword } from '@mtcute/node/methods.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, createShiftedClock, type Device, verifyUpdates } from '@aerogram/dev-env';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const DAY_S = 86_400;
const ANNOUNCED = 'action:messageActionNewCreatorPending';
const HANDED_OVER = 'action:messageActionChangeCreator';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Creates a channel with members. @returns its marked id */
async function create(owner: Actor, kind: 'megagroup' | 'broadcast', others: readonly Actor[]): Promise<number> {
  const answer = (await owner.main.change({ _: 'channels.createChannel', [kind]: true, title: 'Climbing', about: '' })) as tl.RawUpdates;
  const id = -1_000_000_000_000 - (answer.chats[0] as tl.RawChannel).id;
  for (const other of others) await owner.meet(other);
  await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(id), users: others.map((other) => owner.main.inputUser(other.id)) });
  for (const other of others) await knows(other.main, id);
  return id;
}

const knows = (device: Device, id: number): Promise<void> => device.waitUntil(`channel ${id}`, () => device.state.channels.find(id) !== undefined);

async function promote(owner: Actor, id: number, member: Actor, rights: Partial<tl.RawChatAdminRights> = { pinMessages: true }): Promise<void> {
  const adminRights: tl.TypeChatAdminRights = { _: 'chatAdminRights', ...rights };
  await owner.main.change({ _: 'channels.editAdmin', channel: owner.main.inputChannel(id), userId: owner.main.inputUser(member.id), adminRights, rank: '' });
}

/** Role of each of these people, as somebody sees them. */
async function rolesOf(actor: Actor, id: number): Promise<Record<string, string>> {
  const filter: tl.TypeChannelParticipantsFilter = { _: 'channelParticipantsRecent' };
  const hash = { low: 0, high: 0 } as never;
  const answer = await actor.main.call({ _: 'channels.getParticipants', channel: actor.main.inputChannel(id), filter, offset: 0, limit: 100, hash });
  const { participants, users } = answer as tl.channels.RawChannelParticipants;
  const nameOf = (userId: number): string => (users.find((user) => user.id === userId) as tl.RawUser).firstName ?? 'Deleted Account';
  return Object.fromEntries(participants.map((row) => ['userId' in row ? nameOf(row.userId) : '', row._.replace('channelParticipant', '').replace('Self', '') || 'Member']));
}

const proofOf = async (device: Device, password: string): Promise<tl.TypeInputCheckPasswordSRP> =>
  device.client.computeSrpParams(await device.call({ _: 'account.getPassword' }), password);
const futureOf = (actor: Actor, id: number): Promise<tl.TypeUser> => actor.main.call({ _: 'messages.getFutureChatCreatorAfterLeave', peer: actor.main.inputPeer(id) });
const nameOf = async (actor: Actor, request: Parameters<Device['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;

describe('the owner of a channel', () => {
  test('gives it to another member with the password, and becomes an admin', { timeout: 120_000 }, async () => {
    const [alice, bob, carol, dave] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Dave')) as [Actor, Actor, Actor, Actor];
    const id = await create(alice, 'megagroup', [bob, carol]);
    await alice.meet(dave);
    const give = (password: tl.TypeInputCheckPasswordSRP, to = bob): tl.messages.RawEditChatCreatorRequest => ({
      _: 'messages.editChatCreator', peer: alice.main.inputPeer(id), userId: alice.main.inputUser(to.id), password,
    });
    expect(await nameOf(alice, give({ _: 'inputCheckPasswordEmpty' }))).toBe('PASSWORD_MISSING');
    await enableCloudPassword(alice.main.client, { password: 'correct horse', hint: '' });
    expect(await nameOf(alice, give({ _: 'inputCheckPasswordEmpty' }))).toBe('PASSWORD_TOO_FRESH_%d');
    clock.shift(7 * DAY_S * 1000 + 60_000);
    expect(await nameOf(alice, give(await proofOf(alice.main, 'wrong horse')))).toBe('PASSWORD_HASH_INVALID');
    expect(await nameOf(alice, give(await proofOf(alice.main, 'correct horse'), alice))).toBe('USER_ID_INVALID');
    expect(await nameOf(alice, give(await proofOf(alice.main, 'correct horse'), dave))).toBe('USER_NOT_PARTICIPANT');
    await promote(alice, id, carol);
    await verifyUpdates([alice, bob, carol], async () => {
      const request = give(await proofOf(alice.main, 'correct horse'));
      const answer = (await alice.main.change(request)) as tl.RawUpdates;
      const channel = answer.chats[0] as tl.RawChannel;
      expect([channel.creator, channel.adminRights?.addAdmins]).toEqual([false, true]);
      await bob.main.seesUpdate('updateChannel');
      // A repeat of the call, whose answer was lost.
      await alice.main.call(request);
    });
    expect(await rolesOf(carol, id)).toEqual({ Alice: 'Admin', Bob: 'Creator', Carol: 'Admin' });
    expect(await nameOf(alice, give(await proofOf(alice.main, 'correct horse'), carol))).toBe('CHAT_ADMIN_REQUIRED');
    const userId = bob.main.inputUser(alice.id);
    await bob.main.change({ _: 'channels.editAdmin', channel: bob.main.inputChannel(id), userId, adminRights: { _: 'chatAdminRights' }, rank: '' });
    expect(await rolesOf(carol, id)).toEqual({ Alice: 'Member', Bob: 'Creator', Carol: 'Admin' });
  });

  test('who leaves and does not come back in a week is replaced by the admin who has been there for the longest time', { timeout: 120_000 }, async () => {
    const [alice, bob, carol, dave] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Dave')) as [Actor, Actor, Actor, Actor];
    const id = await create(alice, 'megagroup', [bob, carol]);
    clock.shift(1000);
    await alice.meet(dave);
    await alice.main.invite({ _: 'channels.inviteToChannel', channel: alice.main.inputChannel(id), users: [alice.main.inputUser(dave.id)] });
    await knows(dave.main, id);
    expect(await futureOf(alice, id)).toMatchObject({ _: 'userEmpty' });
    for (const member of [dave, carol]) await promote(alice, id, member);
    expect(await nameOf(bob, { _: 'messages.getFutureChatCreatorAfterLeave', peer: bob.main.inputPeer(id) })).toBe('CHAT_ADMIN_REQUIRED');
    expect(await futureOf(alice, id)).toMatchObject({ _: 'user', id: carol.id });
    await verifyUpdates([bob, carol, dave], async () => {
      await alice.main.change({ _: 'channels.leaveChannel', channel: alice.main.inputChannel(id) });
      for (const actor of [bob, carol, dave]) expect(await actor.sees(ANNOUNCED)).toMatchObject({ from: alice.id, peer: id });
    });
    expect(await rolesOf(bob, id)).toEqual({ Bob: 'Member', Carol: 'Admin', Dave: 'Admin' });
    clock.shift(7 * DAY_S * 1000);
    await verifyUpdates([bob, carol, dave], async () => {
      for (const actor of [bob, carol, dave]) expect(await actor.sees(HANDED_OVER)).toMatchObject({ from: alice.id, peer: id });
      await carol.main.seesUpdate('updateChannel');
    });
    expect(await rolesOf(bob, id)).toEqual({ Bob: 'Member', Carol: 'Creator', Dave: 'Admin' });
    await carol.main.change({ _: 'channels.editTitle', channel: carol.main.inputChannel(id), title: 'Hiking' });
    // The old owner is a stranger now.
    expect(await nameOf(alice, { _: 'channels.joinChannel', channel: alice.main.inputChannel(id) })).toBe('CHANNEL_PRIVATE');
  });

  test('who leaves comes back in time as the owner, to a broadcast channel as well', { timeout: 120_000 }, async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const id = await create(alice, 'broadcast', [bob]);
    await promote(alice, id, bob, { postMessages: true });
    const channel = alice.main.inputChannel(id);
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'channels.leaveChannel', channel });
    });
    clock.shift(3 * DAY_S * 1000);
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'channels.joinChannel', channel });
      await knows(alice.main, id);
    });
    clock.shift(7 * DAY_S * 1000);
    await bob.main.change({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'a week later', randomId: randomLong() });
    await alice.sees('a week later');
    expect(await rolesOf(alice, id)).toEqual({ Alice: 'Creator', Bob: 'Admin' });
  });

  test('whose account is deleted leaves like everybody without an account, and what they wrote stays', { timeout: 120_000 }, async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const id = await create(alice, 'megagroup', [bob, carol]);
    await promote(alice, id, carol);
    const other = await create(carol, 'broadcast', [alice, bob]);
    await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(id), message: 'mine', randomId: randomLong() });
    for (const actor of [bob, carol]) await actor.sees('mine');
    await verifyUpdates([bob, carol], async () => {
      await alice.main.call({ _: 'account.deleteAccount', reason: 'tired' });
      for (const actor of [bob, carol]) await actor.sees(ANNOUNCED);
    });
    expect(await rolesOf(bob, id)).toEqual({ Bob: 'Member', Carol: 'Admin' });
    const countOf = async (actor: Actor, channel: number): Promise<number | undefined> =>
      ((await actor.main.call({ _: 'channels.getFullChannel', channel: actor.main.inputChannel(channel) })).fullChat as tl.RawChannelFull).participantsCount;
    expect(await countOf(bob, id)).toBe(2);
    for (let tries = 0; tries < 100 && (await countOf(carol, other)) !== 2; tries++) await carol.main.call({ _: 'updates.getState' });
    expect(await rolesOf(carol, other)).toEqual({ Bob: 'Member', Carol: 'Creator' });
    expect(await bob.sees('mine')).toMatchObject({ from: alice.id });
    clock.shift(7 * DAY_S * 1000);
    await carol.sees(HANDED_OVER);
    expect(await rolesOf(bob, id)).toEqual({ Bob: 'Member', Carol: 'Creator' });
  });
});
