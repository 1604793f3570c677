import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, knowsChannel, promoteIn } from './channel-stage.ts';
import { createGroup, people, promote } from './group-stage.ts';
import { checkInvite, enter, exportInvite, refusalOf, revokeInvite } from './invite-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let names = 0;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A group with Alice, who owns it, Bob, who is an admin, and Carol. */
interface Stage {
  /** Marked. */
  id: number;
  alice: Actor;
  bob: Actor;
  carol: Actor;
}

async function supergroup(): Promise<Stage> {
  const stage = await channelStage(scenario);
  await promoteIn(stage.alice, stage.id, stage.bob, { inviteUsers: true });
  return stage;
}

async function basicGroup(): Promise<Stage> {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const group = await createGroup(alice, [bob, carol]);
  await promote(alice, group, bob);
  return { id: -group.id, alice, bob, carol };
}

/** Somebody asks to be let in by a link. */
const ask = async (actor: Actor, link: string): Promise<void> => {
  expect(await refusalOf(enter(actor, link))).toBe('INVITE_REQUEST_SENT');
};

/** An admin decides on the request of somebody of whom the admin was told. */
const decide = (admin: Actor, id: number, user: Actor, approved: boolean) =>
  admin.main.change({ _: 'messages.hideChatJoinRequest', peer: admin.main.inputPeer(id), userId: admin.main.inputUser(user.id), approved }) as Promise<tl.RawUpdates>;

const decideAll = (admin: Actor, id: number, approved: boolean, link?: string) =>
  admin.main.change({ _: 'messages.hideAllChatJoinRequests', peer: admin.main.inputPeer(id), approved, link }) as Promise<tl.RawUpdates>;

const listRequests = (admin: Actor, id: number, more: Partial<tl.messages.RawGetChatInviteImportersRequest> = {}) =>
  admin.main.call({ _: 'messages.getChatInviteImporters', peer: admin.main.inputPeer(id), requested: true, offsetDate: 0, offsetUser: { _: 'inputUserEmpty' }, limit: 100, ...more });

async function fullOf(actor: Actor, id: number): Promise<tl.RawChannelFull | tl.RawChatFull> {
  const answer = id < -1_000_000_000_000 ? await actor.main.call({ _: 'channels.getFullChannel', channel: actor.main.inputChannel(id) }) : await actor.main.call({ _: 'messages.getFullChat', chatId: -id });
  return answer.fullChat;
}

const toldOf = (admin: Actor, pending: number) => admin.main.seesUpdate('updatePendingJoinRequests', (update) => update.requestsPending === pending);
const seesJoined = (actor: Actor) => actor.sees('action:messageActionChatJoinedByRequest');

describe.each([['a supergroup', supergroup], ['a basic group', basicGroup]])('requests to join %s', (_what, prepare) => {
  test('are shown to the admins who may let people in, and one of them decides', async () => {
    const { id, alice, bob, carol } = await prepare();
    const [dave] = (await people(scenario, 'Dave')) as [Actor];
    const { link } = await exportInvite(alice, id, { requestNeeded: true });
    expect(await checkInvite(dave, link)).toMatchObject({ _: 'chatInvite', requestNeeded: true, participantsCount: 3 });
    await verifyUpdates([alice, bob, carol, dave], async () => {
      await ask(dave, link);
      expect((await toldOf(bob, 1)).recentRequesters).toEqual([dave.id]);
    });
    await ask(dave, link);
    const { requestsPending, recentRequesters } = await fullOf(bob, id);
    expect([requestsPending, recentRequesters?.map(Number)]).toEqual([1, [dave.id]]);
    expect((await fullOf(carol, id)).requestsPending).toBeUndefined();
    expect(await listRequests(bob, id)).toMatchObject({ count: 1, importers: [{ requested: true, userId: dave.id }], users: [{ id: dave.id }] });
    expect(await refusalOf(listRequests(carol, id))).toBe('CHAT_ADMIN_REQUIRED');
    await carol.meet(dave);
    expect(await refusalOf(decide(carol, id, dave, true))).toBe('CHAT_ADMIN_REQUIRED');

    const answer = await verifyUpdates([alice, bob, carol, dave], async () => {
      const updates = await decide(bob, id, dave, true);
      await seesJoined(dave);
      return updates;
    });
    expect(answer.updates.find((update) => update._ === 'updatePendingJoinRequests')).toMatchObject({ requestsPending: 0, recentRequesters: [] });
    await seesJoined(carol);
    await toldOf(alice, 0);
    expect(await refusalOf(decide(bob, id, dave, true))).toBe('USER_ALREADY_PARTICIPANT');
    expect(await refusalOf(decide(alice, id, dave, false))).toBe('HIDE_REQUESTER_MISSING');
    expect(await alice.main.call({ _: 'messages.getChatInviteImporters', peer: alice.main.inputPeer(id), link, offsetDate: 0, offsetUser: { _: 'inputUserEmpty' }, limit: 10 })).toMatchObject({
      count: 1, importers: [{ requested: false, userId: dave.id, approvedBy: bob.id }],
    });
    expect((await alice.main.call({ _: 'messages.getExportedChatInvite', peer: alice.main.inputPeer(id), link })).invite).toMatchObject({ usage: 1, requestNeeded: true });
  });

  test('that are turned down leave nobody in, and may be made again', async () => {
    const { id, alice, bob } = await prepare();
    const [dave, erin] = (await people(scenario, 'Dave', 'Erin')) as [Actor, Actor];
    const { link } = await exportInvite(bob, id, { requestNeeded: true });
    await ask(dave, link);
    await ask(erin, link);
    await toldOf(alice, 2);
    expect((await decide(alice, id, dave, false)).updates).toMatchObject([{ _: 'updatePendingJoinRequests', requestsPending: 1, recentRequesters: [erin.id] }]);
    expect(await checkInvite(dave, link)).toMatchObject({ _: 'chatInvite', participantsCount: 3 });
    await ask(dave, link);
    await toldOf(alice, 2);
    // As with contacts, each word begins a word of the name.
    for (const q of ['eri', '@ERI', 'éri eri']) expect((await listRequests(alice, id, { q })).importers).toMatchObject([{ userId: erin.id }]);
    for (const q of ['rin', 'eri dav', '@ @', '!']) expect(await listRequests(alice, id, { q })).toMatchObject({ count: 0, importers: [] });
    expect(await refusalOf(listRequests(alice, id, { q: 'eri', link }))).toBe('SEARCH_WITH_LINK_NOT_SUPPORTED');
    await decideAll(alice, id, false, link);
    expect(await listRequests(bob, id)).toMatchObject({ count: 0, importers: [] });
    expect(await refusalOf(decideAll(alice, id, false))).toBe('HIDE_REQUESTER_MISSING');
  });

  test('of many people are granted at once', async () => {
    const { id, alice, bob } = await prepare();
    const askers = await people(scenario, 'Dave', 'Erin', 'Frank', 'Grace', 'Heidi');
    const { link } = await exportInvite(alice, id, { requestNeeded: true });
    for (const asker of askers) await ask(asker, link);
    await toldOf(bob, askers.length);
    await decideAll(bob, id, true);
    for (const asker of askers) await asker.sees('action:messageActionChatJoinedByRequest');
    await toldOf(alice, 0);
    expect(await checkInvite(askers[0]!, link)).toMatchObject({ _: 'chatInviteAlready', chat: { participantsCount: 8 } });
  });

  test('end when an admin adds the person, bans somebody who asks, or the account is deleted', async () => {
    const { id, alice, bob } = await prepare();
    const [dave, erin] = (await people(scenario, 'Dave', 'Erin')) as [Actor, Actor];
    const { link } = await exportInvite(alice, id, { requestNeeded: true });
    await ask(dave, link);
    await ask(erin, link);
    await toldOf(bob, 2);
    await alice.meet(dave);
    if (id < -1_000_000_000_000) await inviteTo(alice, id, [dave]);
    else await alice.main.invite({ _: 'messages.addChatUser', chatId: -id, userId: alice.main.inputUser(dave.id), fwdLimit: 0 });
    await toldOf(bob, 1);
    await erin.main.call({ _: 'account.deleteAccount', reason: '' });
    await toldOf(bob, 0);
    expect(await listRequests(bob, id)).toMatchObject({ count: 0, importers: [] });
  });

  test('links are listed, edited, revoked and deleted', async () => {
    const { id, alice, bob, carol } = await prepare();
    const peer = alice.main.inputPeer(id);
    const permanent = await exportInvite(alice, id, { legacyRevokePermanent: true });
    const campaign = await exportInvite(alice, id, { title: 'Campaign', usageLimit: 5 });
    const bobs = await exportInvite(bob, id);
    expect((await fullOf(alice, id)).exportedInvite).toMatchObject({ link: permanent.link, permanent: true });
    expect((await fullOf(carol, id)).exportedInvite).toBeUndefined();
    expect(await refusalOf(exportInvite(carol, id))).toBe('CHAT_ADMIN_REQUIRED');

    const list = (actor: Actor, admin: Actor, more: Partial<tl.messages.RawGetExportedChatInvitesRequest> = {}) =>
      actor.main.call({ _: 'messages.getExportedChatInvites', peer: actor.main.inputPeer(id), adminId: admin === actor ? { _: 'inputUserSelf' } : actor.main.inputUser(admin.id), limit: 10, ...more });
    const linksOf = (page: tl.messages.RawExportedChatInvites) => page.invites.map((one) => (one as tl.RawChatInviteExported).link);
    const own = await list(alice, alice);
    expect(own.count).toBe(2);
    expect(linksOf(own).toSorted()).toEqual([permanent.link, campaign.link].toSorted());
    const first = await list(alice, alice, { limit: 1 });
    const [last] = first.invites as tl.RawChatInviteExported[];
    expect([...linksOf(first), ...linksOf(await list(alice, alice, { limit: 1, offsetDate: last!.date, offsetLink: last!.link }))]).toEqual(linksOf(own));
    expect(linksOf(await list(alice, bob))).toEqual([bobs.link]);
    expect(await refusalOf(list(bob, alice))).toBe('CHAT_ADMIN_REQUIRED');
    expect((await alice.main.call({ _: 'messages.getAdminsWithInvites', peer })).admins.toSorted((a, b) => a.invitesCount - b.invitesCount)).toMatchObject([
      { adminId: bob.id, invitesCount: 1, revokedInvitesCount: 0 },
      { adminId: alice.id, invitesCount: 2, revokedInvitesCount: 0 },
    ]);
    expect(await refusalOf(bob.main.call({ _: 'messages.getAdminsWithInvites', peer: bob.main.inputPeer(id) }))).toBe('CHAT_ADMIN_REQUIRED');

    const edit = (link: string, more: Partial<tl.messages.RawEditExportedChatInviteRequest>, actor = alice) =>
      actor.main.call({ _: 'messages.editExportedChatInvite', peer: actor.main.inputPeer(id), link, ...more });
    expect(await edit(campaign.link, { title: 'Spring', requestNeeded: true })).toMatchObject({ invite: { title: 'Spring', requestNeeded: true, usageLimit: undefined } });
    for (const [more, error] of [
      [{ usageLimit: 5 }, 'USAGE_LIMIT_INVALID'], [{ usageLimit: 100_000 }, 'USAGE_LIMIT_INVALID'], [{ expireDate: 1000 }, 'EXPIRE_DATE_INVALID'],
    ] as const) expect(await refusalOf(edit(campaign.link, more))).toBe(error);
    expect(await refusalOf(edit(permanent.link, { title: 'No' }))).toBe('CHAT_INVITE_PERMANENT');
    expect(await refusalOf(edit(campaign.link, { title: 'No' }, bob))).toBe('CHAT_ADMIN_REQUIRED');
    expect(await refusalOf(edit('https://t.me/+AAAAAAAAAAAAAAAA', { title: 'No' }))).toBe('INVITE_HASH_EXPIRED');
    expect(await refusalOf(exportInvite(alice, id, { legacyRevokePermanent: true, usageLimit: 3 }))).toBe('USAGE_LIMIT_INVALID');
    expect(await refusalOf(exportInvite(alice, id, { requestNeeded: true, usageLimit: 3 }))).toBe('USAGE_LIMIT_INVALID');

    const remove = (link: string) => alice.main.call({ _: 'messages.deleteExportedChatInvite', peer, link });
    expect(await refusalOf(remove(campaign.link))).toBe('INVITE_REVOKED_MISSING');
    await revokeInvite(alice, id, campaign.link);
    expect(await refusalOf(edit(campaign.link, { title: 'No' }))).toBe('INVITE_HASH_EXPIRED');
    expect(linksOf(await list(alice, alice, { revoked: true }))).toEqual([campaign.link]);
    expect(await remove(campaign.link)).toBe(true);
    expect(await refusalOf(remove(campaign.link))).toBe('INVITE_HASH_EXPIRED');
    await revokeInvite(alice, id, bobs.link);
    const removeAll = () => alice.main.call({ _: 'messages.deleteRevokedExportedChatInvites', peer, adminId: alice.main.inputUser(bob.id) });
    expect([await removeAll(), await removeAll()]).toEqual([true, true]);
    expect(await list(alice, bob, { revoked: true })).toMatchObject({ count: 0, invites: [] });
    expect(await refusalOf(alice.main.call({ _: 'messages.getExportedChatInvites', peer, adminId: { _: 'inputUser', userId: 12_345, accessHash: Long.ONE }, limit: 10 }))).toBe('ADMIN_ID_INVALID');
  });
});

test('people ask to be let in to a public group whose admins want it, and to no other', async () => {
  const { id, alice, bob } = await supergroup();
  const username = `asking_name_${++names}`;
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username });
  await alice.main.change({ _: 'channels.toggleJoinRequest', channel: alice.main.inputChannel(id), enabled: true });
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  await dave.main.call({ _: 'contacts.resolveUsername', username });
  const join = () => dave.main.call({ _: 'channels.joinChannel', channel: dave.main.inputChannel(id) });
  expect(await refusalOf(join())).toBe('INVITE_REQUEST_SENT');
  await toldOf(bob, 1);
  await verifyUpdates([alice, bob, dave], () => decide(bob, id, dave, true));
  await knowsChannel(dave.main, id);
  expect(await refusalOf(join())).toBe('USER_ALREADY_PARTICIPANT');
});

test('admins let people in to private groups and channels, too', async () => {
  const { id, alice, bob } = await supergroup();
  const [dave, erin, frank] = (await people(scenario, 'Dave', 'Erin', 'Frank')) as [Actor, Actor, Actor];
  const toggle = (peerId: number, enabled: boolean, applyToInvites?: boolean) => alice.main.change({ _: 'channels.toggleJoinRequest', channel: alice.main.inputChannel(peerId), enabled, applyToInvites });
  const permanent = await exportInvite(alice, id, { legacyRevokePermanent: true });
  const limited = await exportInvite(alice, id, { usageLimit: 5 });
  expect(await refusalOf(bob.main.call({ _: 'channels.toggleJoinRequest', channel: bob.main.inputChannel(id), enabled: true }))).toBe('CHAT_ADMIN_REQUIRED');
  await verifyUpdates([alice, bob], () => toggle(id, true));
  // A permanent link follows the setting of the group. It shows no terms, because clients expect none (rule P36).
  expect(await checkInvite(dave, permanent.link)).toMatchObject({ _: 'chatInvite', requestNeeded: true });
  expect(await fullOf(alice, id)).toMatchObject({ exportedInvite: { link: permanent.link, permanent: true, requestNeeded: false } });
  expect(await refusalOf(enter(dave, permanent.link))).toBe('INVITE_REQUEST_SENT');
  await listRequests(alice, id);
  await decide(alice, id, dave, true);
  await knowsChannel(dave.main, id);
  // Other links have a setting of their own, unless the admin wants all of them changed.
  await enter(erin, limited.link);
  await knowsChannel(erin.main, id);
  await toggle(id, true, true);
  expect(await refusalOf(enter(frank, limited.link))).toBe('INVITE_REQUEST_SENT');
  const { invite } = await alice.main.call({ _: 'messages.getExportedChatInvite', peer: alice.main.inputPeer(id), link: limited.link });
  expect(invite).toMatchObject({ requestNeeded: true, usageLimit: undefined });
  expect(await refusalOf(toggle(id, true, true))).toBe('CHAT_NOT_MODIFIED');
  await toggle(id, false, true);
  await enter(frank, limited.link);
  await knowsChannel(frank.main, id);

  const news = await createChannel(alice, 'broadcast');
  const { link } = await exportInvite(alice, news, { legacyRevokePermanent: true });
  await toggle(news, true);
  expect(await refusalOf(enter(dave, link))).toBe('INVITE_REQUEST_SENT');
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(news), username: `asking_name_${++names}` });
  await enter(dave, link);
  expect(await refusalOf(toggle(news, true))).toBe('CHANNEL_INVALID');
});

test('people join a basic group by a link until it is full, deleted, or has become a supergroup', async () => {
  const { id, alice, bob, carol } = await basicGroup();
  const [dave, erin, frank] = (await people(scenario, 'Dave', 'Erin', 'Frank')) as [Actor, Actor, Actor];
  const { link } = await exportInvite(alice, id, { legacyRevokePermanent: true });
  expect(await checkInvite(dave, link)).toMatchObject({ _: 'chatInvite', channel: false, megagroup: false, title: 'Climbing', participantsCount: 3 });
  const answer = (await verifyUpdates([alice, bob, carol, dave], () => enter(dave, link))) as tl.RawUpdates;
  expect(answer.chats).toMatchObject([{ _: 'chat', participantsCount: 4 }]);
  expect(answer.updates.find((one) => one._ === 'updateNewMessage')).toMatchObject({ message: { action: { _: 'messageActionChatJoinedByLink', inviterId: alice.id } } });
  await carol.sees('action:messageActionChatJoinedByLink');
  expect(await refusalOf(enter(dave, link))).toBe('USER_ALREADY_PARTICIPANT');
  // Whoever was removed does not come back by a link.
  await alice.main.change({ _: 'messages.deleteChatUser', chatId: -id, userId: alice.main.inputUser(carol.id) });
  expect(await refusalOf(enter(carol, link))).toBe('INVITE_HASH_EXPIRED');
  const asked = await exportInvite(bob, id, { requestNeeded: true });
  await ask(erin, asked.link);
  const { chats } = (await alice.main.change({ _: 'messages.migrateChat', chatId: -id })) as tl.RawUpdates;
  const channel = chats.find((chat): chat is tl.RawChannel => chat._ === 'channel')!;
  const newId = -1_000_000_000_000 - channel.id;
  await knowsChannel(bob.main, newId);
  // The links lead on into the supergroup, with their terms, with those who came by them, and with those who ask.
  expect(await checkInvite(dave, link)).toMatchObject({ _: 'chatInviteAlready', chat: { _: 'channel', id: channel.id } });
  expect(await refusalOf(enter(carol, link))).toBe('INVITE_HASH_EXPIRED');
  expect((await enter(frank, link)) as tl.RawUpdates).toMatchObject({ chats: [{ _: 'channel', id: channel.id }] });
  const came = await alice.main.call({ _: 'messages.getChatInviteImporters', peer: alice.main.inputPeer(newId), link, offsetDate: 0, offsetUser: { _: 'inputUserEmpty' }, limit: 0 });
  expect(new Set(came.importers.map((one) => one.userId))).toEqual(new Set([dave.id, frank.id]));
  expect(await fullOf(alice, newId)).toMatchObject({ exportedInvite: { link, permanent: true, usage: 2 } });
  expect(await refusalOf(exportInvite(alice, id))).toBe('CHAT_ID_INVALID');
  expect(await listRequests(bob, newId, { link: asked.link })).toMatchObject({ count: 1, importers: [{ userId: erin.id }] });
  await decide(bob, newId, erin, true);
  await knowsChannel(erin.main, newId);
});

test('a deleted basic group lets nobody in', async () => {
  const { id, alice } = await basicGroup();
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  const { link } = await exportInvite(alice, id);
  await alice.main.call({ _: 'messages.deleteChat', chatId: -id });
  expect(await refusalOf(checkInvite(dave, link))).toBe('INVITE_HASH_EXPIRED');
  expect(await refusalOf(enter(dave, link))).toBe('INVITE_HASH_EXPIRED');
});
