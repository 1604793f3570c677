import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, inviteTo, losesChannel, promoteIn } from './channel-stage.ts';
import { createGroup, people, promote } from './group-stage.ts';
import { checkInvite, enter, exportInvite, refusalOf, revokeInvite } from './invite-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const ban = (admin: Actor, id: number, user: Actor, viewMessages = true): Promise<tl.TypeUpdates> =>
  admin.main.change({ _: 'channels.editBanned', channel: admin.main.inputChannel(id), participant: admin.main.inputPeer(user.id), bannedRights: { _: 'chatBannedRights', untilDate: 0, viewMessages } });

/** The links of an admin that the owner sees. */
async function linksOf(owner: Actor, id: number, admin: Actor, revoked: boolean): Promise<string[]> {
  const { invites } = await owner.main.call({ _: 'messages.getExportedChatInvites', peer: owner.main.inputPeer(id), adminId: owner.main.inputUser(admin.id), revoked, limit: 100 });
  return invites.map((invite) => (invite as tl.RawChatInviteExported).link);
}

/** The links that the admin log says were revoked. */
async function revokedInLog(admin: Actor, id: number): Promise<string[]> {
  const { events } = await admin.main.call({ _: 'channels.getAdminLog', channel: admin.main.inputChannel(id), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 100 });
  return events.flatMap(({ action }) => (action._ === 'channelAdminLogEventActionExportedInviteRevoke' ? [(action.invite as tl.RawChatInviteExported).link] : []));
}

/** Whom the service message about somebody who has just come names as the maker of the link. */
function inviterIn(answer: tl.TypeUpdates): number {
  const news = (answer as tl.RawUpdates).updates.find((one) => one._ === 'updateNewChannelMessage') as tl.RawUpdateNewChannelMessage;
  const { action } = news.message as tl.RawMessageService;
  if (action._ !== 'messageActionChatJoinedByLink') throw new Error(action._);
  return action.inviterId;
}

test('the links of an admin who is banned from a supergroup admit nobody, and stay revoked when the ban ends', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await promoteIn(alice, id, bob, { inviteUsers: true });
  const [mallory, dave] = (await people(scenario, 'Mallory', 'Dave')) as [Actor, Actor];
  const permanent = await exportInvite(bob, id, { legacyRevokePermanent: true });
  const asked = await exportInvite(bob, id, { requestNeeded: true });
  const own = await exportInvite(alice, id);
  await verifyUpdates([alice, bob, carol], async () => {
    await ban(alice, id, bob);
    await losesChannel(bob.main, id);
  });
  for (const { link } of [permanent, asked]) {
    expect(await refusalOf(checkInvite(mallory, link))).toBe('INVITE_HASH_EXPIRED');
    expect(await refusalOf(enter(mallory, link))).toBe('INVITE_HASH_EXPIRED');
  }
  expect(await linksOf(alice, id, bob, false)).toEqual([]);
  expect((await linksOf(alice, id, bob, true)).toSorted()).toEqual([permanent.link, asked.link].toSorted());
  expect((await revokedInLog(alice, id)).toSorted()).toEqual([permanent.link, asked.link].toSorted());
  await ban(alice, id, bob, false);
  expect(await refusalOf(enter(mallory, permanent.link))).toBe('INVITE_HASH_EXPIRED');
  await enter(dave, own.link);
});

test('an admin who bans another one ends links that only the owner sees', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [mallory] = (await people(scenario, 'Mallory')) as [Actor];
  await promoteIn(alice, id, bob, { inviteUsers: true });
  await promoteIn(alice, id, carol, { banUsers: true });
  const { link } = await exportInvite(bob, id);
  await promoteIn(alice, id, bob, {});
  await carol.meet(bob);
  await ban(carol, id, bob);
  expect(await refusalOf(enter(mallory, link))).toBe('INVITE_HASH_EXPIRED');
});

test('the links of somebody who was removed from a basic group admit nobody', async () => {
  const [alice, bob, mallory] = (await people(scenario, 'Alice', 'Bob', 'Mallory')) as [Actor, Actor, Actor];
  const group = await createGroup(alice, [bob]);
  await promote(alice, group, bob);
  const { link } = await exportInvite(bob, -group.id);
  await promote(alice, group, bob, false);
  await alice.main.change({ _: 'messages.deleteChatUser', chatId: group.id, userId: alice.main.inputUser(bob.id) });
  expect(await refusalOf(checkInvite(mallory, link))).toBe('INVITE_HASH_EXPIRED');
  expect(await refusalOf(enter(mallory, link))).toBe('INVITE_HASH_EXPIRED');
  expect(await linksOf(alice, -group.id, bob, true)).toEqual([link]);
});

test('the links of an admin who is demoted or leaves admit people until the owner revokes them', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [dave, erin, frank] = (await people(scenario, 'Dave', 'Erin', 'Frank')) as [Actor, Actor, Actor];
  for (const admin of [bob, carol]) await promoteIn(alice, id, admin, { inviteUsers: true });
  const [bobs, carols] = [await exportInvite(bob, id), await exportInvite(carol, id)];
  await promoteIn(alice, id, bob, {});
  await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) });
  await enter(dave, bobs.link);
  await enter(erin, carols.link);
  await revokeInvite(alice, id, bobs.link);
  expect(await refusalOf(enter(frank, bobs.link))).toBe('INVITE_HASH_EXPIRED');
});

test('the links of a deleted account end, also those into a group that it has left', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const [mallory] = (await people(scenario, 'Mallory')) as [Actor];
  const group = await createGroup(alice, [bob]);
  await promote(alice, group, bob);
  await promoteIn(alice, id, bob, { inviteUsers: true });
  const links = [await exportInvite(bob, id), await exportInvite(bob, -group.id)];
  await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
  await bob.main.call({ _: 'account.deleteAccount', reason: '' });
  for (const [at, chatId] of [id, -group.id].entries()) {
    await expect.poll(() => linksOf(alice, chatId, bob, true), { timeout: 30_000 }).toEqual([links[at]!.link]);
    expect(await refusalOf(enter(mallory, links[at]!.link))).toBe('INVITE_HASH_EXPIRED');
  }
});

test('a link does not name its maker once that admin has left or was demoted, because they may have been anonymous', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [dave, erin, frank] = (await people(scenario, 'Dave', 'Erin', 'Frank')) as [Actor, Actor, Actor];
  await promoteIn(alice, id, bob, { inviteUsers: true, anonymous: true });
  await promoteIn(alice, id, carol, { inviteUsers: true });
  const [bobs, carols] = [await exportInvite(bob, id), await exportInvite(carol, id)];
  expect(inviterIn(await enter(dave, carols.link))).toBe(carol.id);
  await promoteIn(alice, id, bob, {});
  expect(inviterIn(await enter(erin, bobs.link))).not.toBe(bob.id);
  await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
  const answer = (await enter(frank, bobs.link)) as tl.RawUpdates;
  expect(inviterIn(answer)).not.toBe(bob.id);
  expect(answer.users.map((user) => user.id)).not.toContain(bob.id);
});

test('somebody who was removed from a basic group does not come into the supergroup that it becomes, until an admin lifts the ban', async () => {
  const [alice, bob, carol, dave] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Dave')) as [Actor, Actor, Actor, Actor];
  const { id: chatId } = await createGroup(alice, [bob, carol, dave]);
  await alice.main.change({ _: 'messages.deleteChatUser', chatId, userId: alice.main.inputUser(carol.id) });
  await dave.main.change({ _: 'messages.deleteChatUser', chatId, userId: dave.main.inputUser(dave.id) });
  const { chats } = (await verifyUpdates([alice, bob], () => alice.main.change({ _: 'messages.migrateChat', chatId }))) as tl.RawUpdates;
  const id = -1_000_000_000_000 - chats.find((chat): chat is tl.RawChannel => chat._ === 'channel')!.id;
  const { link } = await exportInvite(alice, id);
  expect(await refusalOf(checkInvite(carol, link))).toBe('INVITE_HASH_EXPIRED');
  expect(await refusalOf(enter(carol, link))).toBe('INVITE_HASH_EXPIRED');
  // Whoever left may come back.
  await enter(dave, link);
  const channel = alice.main.inputChannel(id);
  expect((await alice.main.call({ _: 'channels.getFullChannel', channel })).fullChat).toMatchObject({ kickedCount: 1, participantsCount: 3 });
  const kicked = await alice.main.call({ _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsKicked', q: '' }, offset: 0, limit: 10, hash: Long.ZERO });
  expect(kicked).toMatchObject({ count: 1, participants: [{ _: 'channelParticipantBanned', left: true, kickedBy: alice.id, peer: { userId: carol.id } }] });
  await inviteTo(alice, id, [carol]);
});
