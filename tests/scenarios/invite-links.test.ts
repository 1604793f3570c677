import { hashOfInviteLink } from '@aerogram/domain';
import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, knowsChannel, promoteIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { checkInvite, enter, exportInvite, refusalOf, revokeInvite } from './invite-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let names = 0;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const fullOf = async (actor: Actor, id: number) => (await actor.main.call({ _: 'channels.getFullChannel', channel: actor.main.inputChannel(id) })).fullChat as tl.RawChannelFull;
const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

test('a stranger sees what a link leads to, joins by it, and all members learn of it', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  const tablet = await dave.device();
  const invite = await exportInvite(alice, id, { legacyRevokePermanent: true });
  expect(invite).toMatchObject({ permanent: true, adminId: alice.id, revoked: false, requestNeeded: false });
  expect(invite.link).toMatch(/^https:\/\/t\.me\/\+[\w-]{16}$/);
  expect((await fullOf(alice, id)).exportedInvite).toMatchObject({ link: invite.link });
  expect((await fullOf(bob, id)).exportedInvite).toBeUndefined();

  expect(await checkInvite(dave, invite.link)).toMatchObject({ _: 'chatInvite', channel: true, megagroup: true, broadcast: false, public: false, title: 'Climbing', about: 'rocks', participantsCount: 3, participants: undefined });
  await carol.main.goOffline();
  const answer = (await verifyUpdates([alice, bob, dave], () => enter(dave, invite.link))) as tl.RawUpdates;
  expect(answer.chats).toHaveLength(1);
  expect(answer.updates.find((one) => one._ === 'updateNewChannelMessage')).toMatchObject({
    message: { _: 'messageService', fromId: { userId: dave.id }, action: { _: 'messageActionChatJoinedByLink', inviterId: alice.id } },
  });
  await knowsChannel(tablet, id);
  await bob.sees('action:messageActionChatJoinedByLink');
  await carol.main.goOnline();
  await carol.main.catchUp();
  await carol.sees('action:messageActionChatJoinedByLink');
  expect(await checkInvite(dave, invite.link)).toMatchObject({ _: 'chatInviteAlready', chat: { title: 'Climbing', left: false } });
  expect(await refusalOf(enter(dave, invite.link))).toBe('USER_ALREADY_PARTICIPANT');
  expect((await alice.main.call({ _: 'messages.getExportedChatInvite', peer: alice.main.inputPeer(id), link: invite.link })).invite).toMatchObject({ usage: 1 });
});

test('a preview shows members whom the viewer knows, and nobody else', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  await dave.meet(bob);
  const { link } = await exportInvite(alice, id);
  const preview = (await checkInvite(dave, link)) as tl.RawChatInvite;
  expect(preview.participants?.map((user) => user.id)).toEqual([bob.id]);
  const broadcast = await createChannel(alice, 'broadcast');
  await inviteTo(alice, broadcast, [bob]);
  const other = await exportInvite(alice, broadcast);
  expect(await checkInvite(dave, other.link)).toMatchObject({ broadcast: true, megagroup: false, participants: undefined });
});

test('a link to a broadcast channel does not show who made it', async () => {
  const [alice, dave] = (await people(scenario, 'Alice', 'Dave')) as [Actor, Actor];
  const id = await createChannel(alice, 'broadcast');
  const { link } = await exportInvite(alice, id);
  const answer = (await verifyUpdates([alice, dave], () => enter(dave, link))) as tl.RawUpdates;
  expect(answer.updates.map((one) => one._)).toEqual(['updateChannel']);
  expect(answer.users.map((user) => user.id)).not.toContain(alice.id);
});

test('public groups and channels can be read at once', async () => {
  const { id, alice } = await channelStage(scenario);
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: `linked_name_${++names}` });
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  const { link } = await exportInvite(alice, id);
  const peek = (await checkInvite(dave, link)) as tl.RawChatInvitePeek;
  expect(peek).toMatchObject({ _: 'chatInvitePeek', chat: { _: 'channel', left: true } });
  expect(peek.expires).toBeGreaterThan(secondsFromNow(0));
});

test('a link admits only as many people as it has places, and a place is free again when one of them leaves', async () => {
  const { id, alice } = await channelStage(scenario);
  const [dave, erin] = (await people(scenario, 'Dave', 'Erin')) as [Actor, Actor];
  const { link } = await exportInvite(alice, id, { usageLimit: 1, title: ' One\nplace ' });
  await enter(dave, link);
  expect(await refusalOf(enter(erin, link))).toBe('INVITE_HASH_EXPIRED');
  expect(await refusalOf(checkInvite(erin, link))).toBe('INVITE_HASH_EXPIRED');
  expect(await refusalOf(enter(dave, link))).toBe('USER_ALREADY_PARTICIPANT');
  const read = async () => (await alice.main.call({ _: 'messages.getExportedChatInvite', peer: alice.main.inputPeer(id), link })).invite as tl.RawChatInviteExported;
  expect(await read()).toMatchObject({ usage: 1, usageLimit: 1, title: 'One place' });
  await dave.main.change({ _: 'channels.leaveChannel', channel: dave.main.inputChannel(id) });
  expect((await read()).usage).toBeUndefined();
  await enter(erin, link);
  expect((await read()).usage).toBe(1);
});

test('nobody comes in by a link that is revoked, expired or not known', async () => {
  const { id, alice } = await channelStage(scenario);
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  const first = await exportInvite(alice, id, { legacyRevokePermanent: true });
  const second = await exportInvite(alice, id, { legacyRevokePermanent: true });
  expect(await refusalOf(enter(dave, first.link))).toBe('INVITE_HASH_EXPIRED');
  const replaced = (await revokeInvite(alice, id, second.link)) as tl.messages.RawExportedChatInviteReplaced;
  expect(replaced).toMatchObject({ _: 'messages.exportedChatInviteReplaced', invite: { revoked: true, link: second.link }, newInvite: { permanent: true, revoked: false } });
  // A repeat revokes nothing more.
  expect(await revokeInvite(alice, id, second.link)).toMatchObject({ newInvite: { link: (replaced.newInvite as tl.RawChatInviteExported).link } });
  expect(await refusalOf(checkInvite(dave, second.link))).toBe('INVITE_HASH_EXPIRED');
  const third = await exportInvite(alice, id, { expireDate: secondsFromNow(3600) });
  expect(await revokeInvite(alice, id, third.link)).toMatchObject({ _: 'messages.exportedChatInvite', invite: { revoked: true } });
  expect(await refusalOf(enter(dave, third.link))).toBe('INVITE_HASH_EXPIRED');
  await enter(dave, (replaced.newInvite as tl.RawChatInviteExported).link);
  const hash = hashOfInviteLink(first.link);
  const turned = `${hash.slice(0, -1)}${hash.endsWith('A') ? 'B' : 'A'}`;
  for (const [sent, error] of [['', 'INVITE_HASH_EMPTY'], ['a b', 'INVITE_HASH_INVALID'], [turned, 'INVITE_HASH_EXPIRED'], ['x'.repeat(1000), 'INVITE_HASH_INVALID']] as const) {
    expect((await dave.main.fails({ _: 'messages.checkChatInvite', hash: sent })).text).toBe(error);
    expect((await dave.main.fails({ _: 'messages.importChatInvite', hash: sent })).text).toBe(error);
  }
});

test('those who are banned come in by no link, and those who are unbanned do', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const { link } = await exportInvite(alice, id);
  const ban = (viewMessages: boolean) =>
    alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(bob.id), bannedRights: { _: 'chatBannedRights', viewMessages, untilDate: 0 } });
  await ban(true);
  expect(await refusalOf(checkInvite(bob, link))).toBe('INVITE_HASH_EXPIRED');
  expect(await refusalOf(enter(bob, link))).toBe('INVITE_HASH_EXPIRED');
  await ban(false);
  await enter(bob, link);
});

test('links of a deleted channel lead nowhere', async () => {
  const { id, alice } = await channelStage(scenario);
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  const { link } = await exportInvite(alice, id);
  await alice.main.change({ _: 'channels.deleteChannel', channel: alice.main.inputChannel(id) });
  expect(await refusalOf(checkInvite(dave, link))).toBe('INVITE_HASH_EXPIRED');
  expect(await refusalOf(enter(dave, link))).toBe('INVITE_HASH_EXPIRED');
});

test('the name of an anonymous admin is not told to those who come by a link of theirs', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  await promoteIn(alice, id, bob, { inviteUsers: true, anonymous: true });
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  const { link } = await exportInvite(bob, id);
  const answer = (await enter(dave, link)) as tl.RawUpdates;
  expect(answer.updates.find((one) => one._ === 'updateNewChannelMessage')).toMatchObject({ message: { action: { inviterId: 1087968824 } } });
  expect(answer.users.map((user) => user.id)).not.toContain(bob.id);
});

test('admins read in the log who came by which link, and do not learn the links of others', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  await promoteIn(alice, id, bob, { inviteUsers: true });
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  const { link } = await exportInvite(alice, id);
  await enter(dave, link);
  await revokeInvite(alice, id, link);
  const readLog = async (admin: Actor) => {
    const { events } = await admin.main.call({ _: 'channels.getAdminLog', channel: admin.main.inputChannel(id), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 2 });
    return events.map(({ userId, action }) => ({ userId, kind: action._, link: 'invite' in action ? (action.invite as tl.RawChatInviteExported).link : undefined }));
  };
  const shown = (text: string) => [
    { userId: alice.id, kind: 'channelAdminLogEventActionExportedInviteRevoke', link: text },
    { userId: dave.id, kind: 'channelAdminLogEventActionParticipantJoinByInvite', link: text },
  ];
  expect(await readLog(alice)).toEqual(shown(link));
  expect(await readLog(bob)).toEqual(shown(`${link.slice(0, 18)}...`));
});
