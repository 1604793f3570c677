import type { Actor } from '@aerogram/dev-env';
import { createShiftedClock } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChannelStage, channelStage, createChannel, knowsChannel, postIn, promoteIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { enter, exportInvite, revokeInvite } from './invite-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
let names = 0;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type Filter = Omit<tl.RawChannelAdminLogEventsFilter, '_'>;
type Ask = Partial<Omit<tl.channels.RawGetAdminLogRequest, '_' | 'channel' | 'eventsFilter'>> & { filter?: Filter };

const request = (actor: Actor, id: number, { filter, ...more }: Ask = {}): tl.channels.RawGetAdminLogRequest => ({
  _: 'channels.getAdminLog',
  channel: actor.main.inputChannel(id),
  q: '',
  eventsFilter: filter && { _: 'channelAdminLogEventsFilter', ...filter },
  maxId: Long.ZERO,
  minId: Long.ZERO,
  limit: 100,
  ...more,
});
const read = (actor: Actor, id: number, ask?: Ask): Promise<tl.channels.RawAdminLogResults> => actor.main.call(request(actor, id, ask));
const short = (event: tl.TypeChannelAdminLogEvent): string => event.action._.replace('channelAdminLogEventAction', '');
const logOf = async (actor: Actor, id: number, ask?: Ask): Promise<string[]> => (await read(actor, id, ask)).events.map(short);
const newest = async (actor: Actor, id: number): Promise<tl.TypeChannelAdminLogEvent> => (await read(actor, id, { limit: 1 })).events[0]!;

const ban = (actor: Actor, id: number, who: Actor, rights: Partial<tl.RawChatBannedRights>): Promise<tl.TypeUpdates> =>
  actor.main.change({ _: 'channels.editBanned', channel: actor.main.inputChannel(id), participant: actor.main.inputPeer(who.id), bannedRights: { _: 'chatBannedRights', untilDate: 0, ...rights } });
const edit = (actor: Actor, id: number, msgId: number, message: string): Promise<unknown> => actor.main.change({ _: 'messages.editMessage', peer: actor.main.inputPeer(id), id: msgId, message });
const pin = (actor: Actor, id: number, msgId: number, unpin = false): Promise<unknown> =>
  actor.main.change({ _: 'messages.updatePinnedMessage', peer: actor.main.inputPeer(id), id: msgId, unpin, silent: true });
const leave = (actor: Actor, id: number): Promise<unknown> => actor.main.change({ _: 'channels.leaveChannel', channel: actor.main.inputChannel(id) });
const join = (actor: Actor, id: number): Promise<unknown> => actor.main.change({ _: 'channels.joinChannel', channel: actor.main.inputChannel(id) });

/** Each action of an admin or member, the event that it is, and the flags of the filter that find it. Earlier rows prepare later ones. */
interface Row {
  name: string;
  do(stage: ChannelStage & { posts: number[] }): Promise<unknown>;
  /** Who did it; Alice unless given. */
  by?: 'bob' | 'carol';
  event: tl.TypeChannelAdminLogEventAction['_'] extends `channelAdminLogEventAction${infer Name}` ? Name : never;
  filters: (keyof Filter)[];
  /** What the event says. */
  says?: object;
}

const ROWS: Row[] = [
  { name: 'a title', do: ({ alice, id }) => alice.main.change({ _: 'channels.editTitle', channel: alice.main.inputChannel(id), title: 'Bouldering' }), event: 'ChangeTitle', filters: ['info'], says: { prevValue: 'Climbing', newValue: 'Bouldering' } },
  { name: 'a description', do: ({ alice, id }) => alice.main.call({ _: 'messages.editChatAbout', peer: alice.main.inputPeer(id), about: 'indoors' }), event: 'ChangeAbout', filters: ['info'], says: { prevValue: 'rocks', newValue: 'indoors' } },
  { name: 'a colour', do: ({ alice, id }) => alice.main.change({ _: 'channels.updateColor', channel: alice.main.inputChannel(id), color: 3 }), event: 'ChangePeerColor', filters: ['info'], says: { prevValue: { _: 'peerColor' }, newValue: { _: 'peerColor', color: 3 } } },
  { name: 'a colour of the profile', do: ({ alice, id }) => alice.main.change({ _: 'channels.updateColor', channel: alice.main.inputChannel(id), color: 4, forProfile: true }), event: 'ChangeProfilePeerColor', filters: ['info'], says: { newValue: { color: 4 } } },
  { name: 'hidden history', do: ({ alice, id }) => alice.main.change({ _: 'channels.togglePreHistoryHidden', channel: alice.main.inputChannel(id), enabled: true }), event: 'TogglePreHistoryHidden', filters: ['settings'], says: { newValue: true } },
  { name: 'shown history', do: ({ alice, id }) => alice.main.change({ _: 'channels.togglePreHistoryHidden', channel: alice.main.inputChannel(id), enabled: false }), event: 'TogglePreHistoryHidden', filters: ['settings'], says: { newValue: false } },
  { name: 'slow mode', do: ({ alice, id }) => alice.main.change({ _: 'channels.toggleSlowMode', channel: alice.main.inputChannel(id), seconds: 10 }), event: 'ToggleSlowMode', filters: ['info', 'settings'], says: { prevValue: 0, newValue: 10 } },
  { name: 'the end of slow mode', do: ({ alice, id }) => alice.main.change({ _: 'channels.toggleSlowMode', channel: alice.main.inputChannel(id), seconds: 0 }), event: 'ToggleSlowMode', filters: ['info', 'settings'], says: { prevValue: 10, newValue: 0 } },
  { name: 'protected content', do: ({ alice, id }) => alice.main.change({ _: 'messages.toggleNoForwards', peer: alice.main.inputPeer(id), enabled: true }), event: 'ToggleNoForwards', filters: ['settings'], says: { newValue: true } },
  { name: 'a lifetime', do: ({ alice, id }) => alice.main.change({ _: 'messages.setHistoryTTL', peer: alice.main.inputPeer(id), period: 86_400 }), event: 'ChangeHistoryTTL', filters: ['info', 'settings'], says: { prevValue: 0, newValue: 86_400 } },
  { name: 'default rights', do: ({ alice, id }) => alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { _: 'chatBannedRights', untilDate: 0, sendPolls: true } }), event: 'DefaultBannedRights', filters: ['settings'], says: { prevBannedRights: { sendPolls: false }, newBannedRights: { sendPolls: true } } },
  { name: 'a username', do: ({ alice, id }) => alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: `logged_name_${++names}` }), event: 'ChangeUsername', filters: ['info'], says: { prevValue: '' } },
  { name: 'an edit', by: 'bob', do: async ({ bob, id, posts }) => edit(bob, id, posts[0]!, 'bouldering tomorrow'), event: 'EditMessage', filters: ['edit'], says: { prevMessage: { message: 'bouldering today' }, newMessage: { message: 'bouldering tomorrow' } } },
  { name: 'a pin', do: ({ alice, id, posts }) => pin(alice, id, posts[0]!), event: 'UpdatePinned', filters: ['pinned'], says: { message: { pinned: true } } },
  { name: 'the end of a pin', do: ({ alice, id, posts }) => pin(alice, id, posts[0]!, true), event: 'UpdatePinned', filters: ['pinned'], says: { message: { pinned: false } } },
  { name: 'a deletion by the author', by: 'bob', do: ({ bob, id, posts }) => bob.main.change({ _: 'channels.deleteMessages', channel: bob.main.inputChannel(id), id: [posts[0]!] }), event: 'DeleteMessage', filters: ['delete'], says: { message: { message: 'bouldering tomorrow' } } },
  { name: 'a deletion by an admin', do: ({ alice, id, posts }) => alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [posts[1]!] }), event: 'DeleteMessage', filters: ['delete'], says: { message: { message: 'rude' } } },
  { name: 'a restriction', do: ({ alice, carol, id }) => ban(alice, id, carol, { sendPlain: true }), event: 'ParticipantToggleBan', filters: ['ban'], says: { prevParticipant: { _: 'channelParticipant' }, newParticipant: { _: 'channelParticipantBanned', bannedRights: { sendPlain: true } } } },
  { name: 'the end of a restriction', do: ({ alice, carol, id }) => ban(alice, id, carol, {}), event: 'ParticipantToggleBan', filters: ['unban'], says: { prevParticipant: { _: 'channelParticipantBanned' }, newParticipant: { _: 'channelParticipant' } } },
  { name: 'a removal', do: ({ alice, carol, id }) => ban(alice, id, carol, { viewMessages: true }), event: 'ParticipantToggleBan', filters: ['kick'], says: { newParticipant: { _: 'channelParticipantBanned', left: true, bannedRights: { viewMessages: true } } } },
  { name: 'the end of a removal', do: ({ alice, carol, id }) => ban(alice, id, carol, {}), event: 'ParticipantToggleBan', filters: ['unkick'], says: { newParticipant: { _: 'channelParticipantLeft' } } },
  { name: 'a join', by: 'carol', do: ({ carol, id }) => join(carol, id), event: 'ParticipantJoin', filters: ['join'] },
  { name: 'a departure', by: 'carol', do: ({ carol, id }) => leave(carol, id), event: 'ParticipantLeave', filters: ['leave'] },
  { name: 'a new admin', do: ({ alice, bob, id }) => promoteIn(alice, id, bob, { pinMessages: true, banUsers: true }), event: 'ParticipantToggleAdmin', filters: ['promote'], says: { prevParticipant: { _: 'channelParticipant' }, newParticipant: { _: 'channelParticipantAdmin', adminRights: { pinMessages: true, banUsers: true } } } },
  { name: 'fewer rights of an admin', do: ({ alice, bob, id }) => promoteIn(alice, id, bob, { pinMessages: true }), event: 'ParticipantToggleAdmin', filters: ['demote'], says: { newParticipant: { adminRights: { pinMessages: true, banUsers: false } } } },
  { name: 'an admin who is none any more', do: ({ alice, bob, id }) => promoteIn(alice, id, bob, {}), event: 'ParticipantToggleAdmin', filters: ['demote'], says: { prevParticipant: { _: 'channelParticipantAdmin' }, newParticipant: { _: 'channelParticipant' } } },
];

/** All flags of a filter. */
const FLAGS = ['join', 'leave', 'invite', 'ban', 'unban', 'kick', 'unkick', 'promote', 'demote', 'info', 'settings', 'pinned', 'edit', 'delete', 'groupCall', 'invites', 'send', 'forums', 'subExtend', 'editRank'] as const satisfies readonly (keyof Filter)[];

describe('the log of a supergroup', () => {
  test('has each action as one event, which its filters find and others do not', { timeout: 240_000 }, async () => {
    const stage = await channelStage(scenario);
    const { id, alice, bob, carol } = stage;
    expect(await newest(alice, id)).toMatchObject({ userId: alice.id, action: { _: 'channelAdminLogEventActionParticipantInvite', participant: { _: 'channelParticipant', userId: carol.id } } });
    const posts = [await postIn(bob, id, 'bouldering today'), await postIn(carol, id, 'rude')];
    await alice.sees('rude');
    const expected: { event: string; filters: readonly string[] }[] = [{ event: 'ParticipantInvite', filters: ['invite'] }, { event: 'ParticipantInvite', filters: ['invite'] }];
    for (const row of ROWS) {
      await row.do({ ...stage, posts });
      expected.unshift(row);
      const { userId, action } = await newest(alice, id);
      expect({ name: row.name, event: action }).toMatchObject({ name: row.name, event: { _: `channelAdminLogEventAction${row.event}`, ...row.says } });
      expect([row.name, userId]).toEqual([row.name, stage[row.by ?? 'alice'].id]);
    }
    expect(await logOf(alice, id)).toEqual(expected.map(({ event }) => event));
    for (const flag of FLAGS) {
      const wanted = expected.filter(({ filters }) => filters.includes(flag)).map(({ event }) => event);
      expect([flag, await logOf(alice, id, { filter: { [flag]: true } })]).toEqual([flag, wanted]);
    }
    const both = expected.filter(({ filters }) => filters.includes('pinned') || filters.includes('join')).map(({ event }) => event);
    expect(await logOf(alice, id, { filter: { pinned: true, join: true } })).toEqual(both);
    expect(await logOf(alice, id, { filter: {} })).toEqual([]);
    expect(await logOf(alice, id, { admins: [alice.main.inputUser(bob.id)] })).toEqual(['DeleteMessage', 'EditMessage']);
    expect(await logOf(alice, id, { admins: [alice.main.inputUser(bob.id), alice.main.inputUser(carol.id)], filter: { leave: true, edit: true } })).toEqual(['ParticipantLeave', 'EditMessage']);
    // Everybody whom an event names travels along.
    const { users, chats, events } = await read(alice, id);
    expect(new Set(users.map((user) => user.id))).toEqual(new Set([alice.id, bob.id, carol.id]));
    expect(users).toHaveLength(3);
    expect(chats).toHaveLength(1);
    const ids = events.map((event) => BigInt(event.id.toString()));
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? 1 : -1)));
  });

  test('is read in pages, and searched by words of messages and names of people', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const title = (text: string): Promise<unknown> => alice.main.change({ _: 'channels.editTitle', channel: alice.main.inputChannel(id), title: text });
    for (const text of ['One', 'Two', 'Three', 'Four', 'Ёжик 東京タワー']) await title(text);
    const { events } = await read(alice, id);
    const ids = events.map((event) => event.id);
    const idsOf = async (ask: Ask): Promise<string[]> => (await read(alice, id, ask)).events.map((event) => String(event.id));
    expect(await idsOf({ limit: 2 })).toEqual(ids.slice(0, 2).map(String));
    expect(await idsOf({ limit: 2, maxId: ids[1] })).toEqual(ids.slice(2, 4).map(String));
    expect(await idsOf({ minId: ids[2] })).toEqual(ids.slice(0, 2).map(String));
    expect(await idsOf({ minId: ids[4], maxId: ids[1] })).toEqual(ids.slice(2, 4).map(String));
    expect(await idsOf({ limit: 0 })).toEqual(ids.map(String));
    expect(await idsOf({ limit: -5 })).toEqual(ids.map(String));
    expect(await idsOf({ limit: 2 ** 31 - 1 })).toEqual(ids.map(String));
    expect(await idsOf({ maxId: Long.MAX_VALUE })).toEqual(ids.map(String));
    expect(await idsOf({ minId: Long.MIN_VALUE, maxId: Long.NEG_ONE })).toEqual([]);
    expect(await idsOf({ q: 'thr' })).toEqual(ids.slice(1, 3).map(String));
    expect(await idsOf({ q: 'two three' })).toEqual([String(ids[2])]);
    expect(await idsOf({ q: 'ежик' })).toEqual([String(ids[0])]);
    expect(await idsOf({ q: '京タ' })).toEqual([String(ids[0])]);
    // Bob was invited: an event about somebody is found by their name.
    expect(await logOf(alice, id, { q: 'bo' })).toEqual(['ParticipantInvite']);
    expect(await logOf(alice, id, { q: '_%' })).toEqual([]);
    expect(await logOf(alice, id, { q: '?!' })).toEqual([]);
    await postIn(bob, id, 'nothing of it is logged');
    expect(await idsOf({})).toEqual(ids.map(String));
    await alice.main.fails({ ...request(alice, id), q: 'x'.repeat(300) });
  });

  test('shows the own names of anonymous admins, and the new owner', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { changeInfo: true, anonymous: true });
    await bob.main.change({ _: 'channels.editTitle', channel: bob.main.inputChannel(id), title: 'Secret' });
    expect(await newest(alice, id)).toMatchObject({ userId: bob.id, action: { _: 'channelAdminLogEventActionChangeTitle' } });
    await promoteIn(alice, id, bob, { changeInfo: true });
    await leave(alice, id);
    clock.shift(8 * 86_400_000);
    await bob.sees('action:messageActionChangeCreator');
    expect(await newest(bob, id)).toMatchObject({ userId: alice.id, action: { _: 'channelAdminLogEventActionParticipantToggleAdmin', newParticipant: { _: 'channelParticipantCreator', userId: bob.id } } });
  });
});

test('the log names a channel that is banned in a group', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const news = await createChannel(bob, 'broadcast');
  const username = `logged_name_${++names}`;
  await bob.main.change({ _: 'channels.updateUsername', channel: bob.main.inputChannel(news), username });
  await alice.main.call({ _: 'contacts.resolveUsername', username });
  const banned = (viewMessages: boolean): Promise<unknown> =>
    alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(news), bannedRights: { _: 'chatBannedRights', untilDate: 0, viewMessages } });
  await banned(true);
  await banned(false);
  const peer = { _: 'peerChannel', channelId: -1_000_000_000_000 - news };
  const { events, chats } = await read(alice, id, { filter: { kick: true, unkick: true } });
  expect(events.map(({ action }) => action)).toMatchObject([
    { _: 'channelAdminLogEventActionParticipantToggleBan', newParticipant: { _: 'channelParticipantLeft', peer } },
    { _: 'channelAdminLogEventActionParticipantToggleBan', newParticipant: { _: 'channelParticipantBanned', peer } },
  ]);
  expect(chats.map((chat) => chat.id)).toContain(peer.channelId);
  expect(await logOf(alice, id, { q: 'nobody' })).toEqual([]);
});

test('the log of a broadcast channel has its signatures, edits by other admins and subscribers', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
  const signs = (signaturesEnabled: boolean, profilesEnabled = false): Promise<unknown> =>
    alice.main.change({ _: 'channels.toggleSignatures', channel: alice.main.inputChannel(id), signaturesEnabled, profilesEnabled });
  await signs(true);
  expect(await newest(alice, id)).toMatchObject({ action: { _: 'channelAdminLogEventActionToggleSignatures', newValue: true } });
  await signs(true, true);
  expect(await newest(alice, id)).toMatchObject({ action: { _: 'channelAdminLogEventActionToggleSignatureProfiles', newValue: true } });
  await promoteIn(alice, id, bob, { editMessages: true });
  const msgId = await postIn(alice, id, 'draft');
  await bob.sees('draft');
  await edit(bob, id, msgId, 'final');
  expect(await newest(alice, id)).toMatchObject({ userId: bob.id, action: { newMessage: { message: 'final', post: true, postAuthor: 'Alice' } } });
  await leave(carol, id);
  expect(await logOf(bob, id, { filter: { leave: true, invite: true } })).toEqual(['ParticipantLeave', 'ParticipantInvite', 'ParticipantInvite']);
});

describe('nobody but admins', () => {
  test('reads the log, neither members nor former admins nor strangers', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const refused = async (actor: Actor): Promise<string> => (await actor.main.fails(request(actor, id))).text;
    expect(await refused(bob)).toBe('CHAT_ADMIN_REQUIRED');
    await promoteIn(alice, id, bob, { pinMessages: true });
    await promoteIn(alice, id, carol, { banUsers: true });
    expect(await logOf(bob, id)).toHaveLength(4);
    await promoteIn(alice, id, bob, {});
    expect(await refused(bob)).toBe('CHAT_ADMIN_REQUIRED');
    const channel = carol.main.inputChannel(id);
    await ban(alice, id, carol, { viewMessages: true });
    expect((await carol.main.fails({ ...request(alice, id), channel })).text).toBe('CHANNEL_PRIVATE');
    await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: `logged_name_${++names}` });
    const [dave] = (await people(scenario, 'Dave')) as [Actor];
    expect((await dave.main.fails({ ...request(alice, id), channel: alice.main.inputChannel(id) })).text).toMatch(/^CHANNEL_(INVALID|PRIVATE)$/);
    await alice.main.change({ _: 'channels.deleteChannel', channel: alice.main.inputChannel(id) });
    expect((await alice.main.fails({ ...request(alice, id), channel: { ...channel, ...alice.main.inputChannel(id) } })).text).toBe('CHANNEL_PRIVATE');
  });
});

test('the deletion of all revoked links shows in the log', async () => {
  const { id, alice } = await channelStage(scenario);
  const links = [await exportInvite(alice, id, { title: 'one' }), await exportInvite(alice, id, { title: 'two' })];
  for (const { link } of links) await revokeInvite(alice, id, link);
  for (let call = 0; call < 2; call++) await alice.main.call({ _: 'messages.deleteRevokedExportedChatInvites', peer: alice.main.inputPeer(id), adminId: alice.main.inputUser(alice.id) });
  const { events } = await read(alice, id, { filter: { invites: true } });
  expect(events.map(short)).toEqual(['ExportedInviteDelete', 'ExportedInviteDelete', 'ExportedInviteRevoke', 'ExportedInviteRevoke']);
  const deleted = events.slice(0, 2).map(({ userId, action }) => ({ userId, ...(action as tl.RawChannelAdminLogEventActionExportedInviteDelete).invite }));
  // Links of the same second are deleted in no special order.
  for (const title of ['one', 'two']) expect(deleted).toContainEqual(expect.objectContaining({ userId: alice.id, title, revoked: true }));
});

test('an admin does not read in the log what was written before the admin joined a group with a hidden history', async () => {
  const { id, alice } = await channelStage(scenario);
  await alice.main.change({ _: 'channels.togglePreHistoryHidden', channel: alice.main.inputChannel(id), enabled: true });
  const [edited, deleted] = [await postIn(alice, id, 'edited secret'), await postIn(alice, id, 'deleted secret')];
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  await enter(dave, (await exportInvite(alice, id)).link);
  await knowsChannel(dave.main, id);
  await promoteIn(alice, id, dave, { pinMessages: true });
  await edit(alice, id, edited, 'another secret');
  await pin(alice, id, edited);
  await alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [deleted] });
  const later = await postIn(dave, id, 'open');
  await edit(dave, id, later, 'open to all');
  const filter: Filter = { edit: true, delete: true, pinned: true };
  const { events } = await read(dave, id, { filter });
  expect(events.map(short)).toEqual(['EditMessage', 'DeleteMessage', 'UpdatePinned', 'EditMessage']);
  expect(events[0]).toMatchObject({ userId: dave.id, action: { newMessage: { message: 'open to all' } } });
  expect(events[1]).toMatchObject({ userId: alice.id, action: { message: { _: 'messageService', id: deleted } } });
  expect(JSON.stringify(events)).not.toContain('secret');
  expect(await logOf(dave, id, { q: 'secret' })).toEqual([]);
  expect(await logOf(alice, id, { q: 'secret', filter })).toEqual(['DeleteMessage', 'UpdatePinned', 'EditMessage']);
});

test('events, and the copies of messages in them, are gone after two days', async () => {
  const alice = await scenario.world.user('Alice');
  const id = await createChannel(alice);
  const plainId = -1_000_000_000_000 - id;
  await edit(alice, id, await postIn(alice, id, 'first'), 'second');
  expect(await logOf(alice, id)).toEqual(['EditMessage']);
  clock.shift(49 * 3_600_000);
  expect(await logOf(alice, id)).toEqual([]);
  const kept = async (): Promise<number> => (await sql`SELECT FROM admin_log WHERE channel_id = ${plainId}`.execute(scenario.server.db.q)).rows.length;
  expect(await kept()).toBe(1);
  await edit(alice, id, await postIn(alice, id, 'third'), 'fourth');
  expect(await logOf(alice, id)).toEqual(['EditMessage']);
});
