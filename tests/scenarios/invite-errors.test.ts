import { hashOfInviteLink } from '@aerogram/domain';
import type { Actor } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, knowsChannel, losesChannel } from './channel-stage.ts';
import { createGroup, leave, people } from './group-stage.ts';
import { enter, exportInvite, refusalOf, revokeInvite } from './invite-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const CHANNELS_MAX = 5;
const MEMBERS_MAX = 5;
/** Limits of docs/links.md. */
const LINKS_MAX = 1000;
const REQUESTS_MAX = 50_000;
const REQUESTS_OF_USER_MAX = 500;

let scenario: Scenario;
beforeAll(async () => {
  const max = String(MEMBERS_MAX);
  scenario = await startScenario({ env: { AEROGRAM_CHANNELS_PER_USER_MAX: String(CHANNELS_MAX), AEROGRAM_SUPERGROUP_MEMBERS_MAX: max, AEROGRAM_GROUP_MEMBERS_MAX: max } });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const UNKNOWN_LINK = 'https://t.me/+AAAAAAAAAAAAAAAA';

/** One call of each method that is about the links of a group or channel. */
const callsAt = (peer: tl.TypeInputPeer): tl.RpcMethod[] => [
  { _: 'messages.exportChatInvite', peer },
  { _: 'messages.editExportedChatInvite', peer, link: UNKNOWN_LINK, revoked: true },
  { _: 'messages.deleteExportedChatInvite', peer, link: UNKNOWN_LINK },
  { _: 'messages.deleteRevokedExportedChatInvites', peer, adminId: { _: 'inputUserSelf' } },
  { _: 'messages.getExportedChatInvite', peer, link: UNKNOWN_LINK },
  { _: 'messages.getExportedChatInvites', peer, adminId: { _: 'inputUserSelf' }, limit: 10 },
  { _: 'messages.getAdminsWithInvites', peer },
  { _: 'messages.getChatInviteImporters', peer, requested: true, offsetDate: 0, offsetUser: { _: 'inputUserEmpty' }, limit: 10 },
  { _: 'messages.hideChatJoinRequest', peer, userId: { _: 'inputUserSelf' }, approved: true },
  { _: 'messages.hideAllChatJoinRequests', peer, approved: true },
];

/** The errors of all these calls, each once. */
async function errorsOf(actor: Actor, peer: tl.TypeInputPeer): Promise<string[]> {
  const errors = new Set<string>();
  for (const request of callsAt(peer)) errors.add((await actor.main.fails(request)).text);
  return [...errors];
}

const decide = (admin: Actor, id: number, userId: tl.TypeInputUser, approved = true) =>
  refusalOf(admin.main.call({ _: 'messages.hideChatJoinRequest', peer: admin.main.inputPeer(id), userId, approved }));

async function ask(actor: Actor, link: string): Promise<void> {
  expect(await refusalOf(enter(actor, link))).toBe('INVITE_REQUEST_SENT');
}

test('links of what is no group, of groups of others, and of groups in which somebody is no admin are refused by name', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const { id: chatId, peer, ...group } = await createGroup(alice, [bob, carol]);
  await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(carol.id), bannedRights: { _: 'chatBannedRights', untilDate: 0, viewMessages: true } });
  const ofCarol = carol.main.inputPeer(id);
  await losesChannel(carol.main, id);
  await leave(carol, { id: chatId, peer, ...group });
  const cases: [Actor, tl.TypeInputPeer, string[]][] = [
    [alice, { _: 'inputPeerEmpty' }, ['PEER_ID_INVALID']],
    [alice, { _: 'inputPeerSelf' }, ['PEER_ID_INVALID']],
    [alice, alice.main.inputPeer(bob.id), ['PEER_ID_INVALID']],
    [alice, { _: 'inputPeerChannel', channelId: 12_345, accessHash: Long.ONE }, ['CHANNEL_INVALID']],
    [carol, ofCarol, ['CHANNEL_PRIVATE']],
    [bob, bob.main.inputPeer(id), ['CHAT_ADMIN_REQUIRED']],
    [bob, peer, ['CHAT_ADMIN_REQUIRED']],
    [carol, peer, ['CHAT_WRITE_FORBIDDEN']],
  ];
  for (const [actor, input, errors] of cases) expect([input._, await errorsOf(actor, input)]).toEqual([input._, errors]);
});

test('decisions about people who do not ask, are in, or have no account are refused by name', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const [dave, erin] = (await people(scenario, 'Dave', 'Erin')) as [Actor, Actor];
  const { link } = await exportInvite(alice, id, { requestNeeded: true });
  await alice.meet(dave);
  await alice.meet(erin);
  const [ofDave, ofErin] = [alice.main.inputUser(dave.id), alice.main.inputUser(erin.id)];
  await ask(dave, link);
  await dave.main.call({ _: 'account.deleteAccount', reason: '' });
  expect(await decide(alice, id, ofDave)).toBe('INPUT_USER_DEACTIVATED');
  expect(await decide(alice, id, ofErin)).toBe('HIDE_REQUESTER_MISSING');
  expect(await decide(alice, id, ofErin, false)).toBe('HIDE_REQUESTER_MISSING');
  expect(await decide(alice, id, alice.main.inputUser(bob.id))).toBe('USER_ALREADY_PARTICIPANT');
  expect(await decide(alice, id, { _: 'inputUser', userId: 12_345, accessHash: Long.ONE })).toBe('USER_ID_INVALID');
  expect(await decide(alice, id, { _: 'inputUserEmpty' })).toBe('USER_ID_INVALID');
});

test('somebody who is in too many channels comes into no other one', async () => {
  const { id, alice } = await channelStage(scenario);
  const [dave, erin] = (await people(scenario, 'Dave', 'Erin')) as [Actor, Actor];
  const [open, asked] = [await exportInvite(alice, id), await exportInvite(alice, id, { requestNeeded: true })];
  for (const asker of [dave, erin]) {
    await ask(asker, asked.link);
    for (let n = 0; n < CHANNELS_MAX; n++) await createChannel(asker);
    expect(await refusalOf(enter(asker, open.link))).toBe('CHANNELS_TOO_MUCH');
  }
  await alice.meet(dave);
  expect(await decide(alice, id, alice.main.inputUser(dave.id))).toBe('USER_CHANNELS_TOO_MUCH');
  // Who may not come in is turned away when all are let in.
  await alice.main.change({ _: 'messages.hideAllChatJoinRequests', peer: alice.main.inputPeer(id), approved: true });
  const page = { offsetDate: 0, offsetUser: { _: 'inputUserEmpty' }, limit: 10 } as const;
  expect(await alice.main.call({ _: 'messages.getChatInviteImporters', peer: alice.main.inputPeer(id), requested: true, ...page })).toMatchObject({ count: 0 });
  expect((await alice.main.call({ _: 'channels.getFullChannel', channel: alice.main.inputChannel(id) })).fullChat).toMatchObject({ participantsCount: 3 });
});

test.each(['supergroup', 'basic group'])('a full %s lets nobody in, whoever decides', async (kind) => {
  const isSuper = kind === 'supergroup';
  const { id, alice, bob, carol } = isSuper ? await channelStage(scenario) : await basicGroup();
  const [dave, erin, frank] = (await people(scenario, 'Dave', 'Erin', 'Frank')) as [Actor, Actor, Actor];
  const [open, asked] = [await exportInvite(alice, id), await exportInvite(alice, id, { requestNeeded: true })];
  await ask(frank, asked.link);
  for (const one of [dave, erin]) await enter(one, open.link);
  expect(await refusalOf(enter(frank, open.link))).toBe('USERS_TOO_MUCH');
  await alice.meet(frank);
  expect(await decide(alice, id, alice.main.inputUser(frank.id))).toBe('USERS_TOO_MUCH');
  expect(await refusalOf(alice.main.call({ _: 'messages.hideAllChatJoinRequests', peer: alice.main.inputPeer(id), approved: true }))).toBe('USERS_TOO_MUCH');
  // When somebody leaves, there is a place again.
  if (isSuper) await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) });
  else await carol.main.change({ _: 'messages.deleteChatUser', chatId: -id, userId: carol.main.inputUser(carol.id) });
  await alice.main.change({ _: 'messages.hideChatJoinRequest', peer: alice.main.inputPeer(id), userId: alice.main.inputUser(frank.id), approved: true });
  await bob.sees('action:messageActionChatJoinedByRequest');
});

async function basicGroup(): Promise<{ id: number; alice: Actor; bob: Actor; carol: Actor }> {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const group = await createGroup(alice, [bob, carol]);
  return { id: -group.id, alice, bob, carol };
}

test('an admin has at most a thousand links in a group; then the oldest revoked one goes for each new one', async () => {
  const { id, alice } = await channelStage(scenario);
  const { q } = scenario.server.db;
  const first = await exportInvite(alice, id);
  await sql`INSERT INTO invites (owner_id, hash, admin_id, date, permanent, request_needed, export_id)
    SELECT owner_id, 'seeded' || n || '_' || hash, admin_id, date + 1, false, false, n FROM invites, generate_series(2, ${LINKS_MAX}::integer) AS n WHERE owner_id = ${id} AND hash = ${hashOfInviteLink(first.link)}`.execute(q);
  expect(await refusalOf(exportInvite(alice, id))).toBe('INVITES_TOO_MUCH');
  expect(await refusalOf(exportInvite(alice, id, { legacyRevokePermanent: true }))).toBe('INVITES_TOO_MUCH');
  await revokeInvite(alice, id, first.link);
  await exportInvite(alice, id, { title: 'One more' });
  const list = (revoked: boolean) =>
    alice.main.call({ _: 'messages.getExportedChatInvites', peer: alice.main.inputPeer(id), adminId: { _: 'inputUserSelf' }, revoked, limit: 100 });
  expect(await list(true)).toMatchObject({ count: 0, invites: [] });
  const page = await list(false);
  expect([page.count, page.invites.length]).toEqual([LINKS_MAX, 100]);
  expect(await refusalOf(exportInvite(alice, id))).toBe('INVITES_TOO_MUCH');
});

test('at most 50,000 people ask to be let in to a group, and one person asks at most 500 groups', async () => {
  const { id, alice } = await channelStage(scenario);
  const [dave, erin] = (await people(scenario, 'Dave', 'Erin')) as [Actor, Actor];
  const { link } = await exportInvite(alice, id, { requestNeeded: true });
  const { q } = scenario.server.db;
  await ask(dave, link);
  await sql`UPDATE join_request_counts SET pending = ${REQUESTS_MAX} WHERE owner_id = ${id}`.execute(q);
  expect(await refusalOf(enter(erin, link))).toBe('USERS_TOO_MUCH');
  // Who asks already takes no other place.
  await ask(dave, link);
  await sql`UPDATE join_request_counts SET pending = 1 WHERE owner_id = ${id}`.execute(q);
  await sql`INSERT INTO join_requests (owner_id, user_id, hash, date) SELECT -5000000000 - n, ${erin.id}, '', 1 FROM generate_series(1, ${REQUESTS_OF_USER_MAX}::integer) AS n`.execute(q);
  expect(await refusalOf(enter(erin, link))).toBe('CHANNELS_TOO_MUCH');
  await sql`DELETE FROM join_requests WHERE owner_id = -5000000001`.execute(q);
  await ask(erin, link);
  await alice.main.change({ _: 'messages.hideChatJoinRequest', peer: alice.main.inputPeer(id), userId: await metBy(alice, erin), approved: true });
  await knowsChannel(erin.main, id);
});

async function metBy(actor: Actor, other: Actor): Promise<tl.TypeInputUser> {
  await actor.meet(other);
  return actor.main.inputUser(other.id);
}
