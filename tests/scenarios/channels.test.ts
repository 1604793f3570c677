import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ env: { AEROGRAM_SUPERGROUP_MEMBERS_MAX: '5' } });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const ADD = 'action:messageActionChatAddUser';
const LEAVE = 'action:messageActionChatDeleteUser';

async function people(...names: string[]): Promise<Actor[]> {
  const actors: Actor[] = [];
  for (const name of names) actors.push(await scenario.world.user(name));
  return actors;
}

/** Creates a channel. @returns its marked id */
async function create(creator: Actor, kind: 'megagroup' | 'broadcast', title = 'Climbing'): Promise<number> {
  const answer = (await creator.main.change({ _: 'channels.createChannel', [kind]: true, title, about: 'rocks' })) as tl.RawUpdates;
  return -1_000_000_000_000 - (answer.chats[0] as tl.RawChannel).id;
}

async function invite(actor: Actor, id: number, others: Actor[]): Promise<tl.messages.RawInvitedUsers> {
  for (const other of others) await actor.meet(other);
  return actor.main.invite({ _: 'channels.inviteToChannel', channel: actor.main.inputChannel(id), users: others.map((other) => actor.main.inputUser(other.id)) });
}

async function post(device: Device, id: number, message: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): Promise<tl.RawUpdates> {
  return (await device.change({ _: 'messages.sendMessage', peer: device.inputPeer(id), message, randomId: randomLong(), ...more })) as tl.RawUpdates;
}

const read = (device: Device, id: number, maxId: number): Promise<boolean> => device.call({ _: 'channels.readHistory', channel: device.inputChannel(id), maxId });
const knows = (device: Device, id: number): Promise<void> => device.waitUntil(`channel ${id}`, () => device.state.channels.find(id) !== undefined);
const ptsOf = (device: Device, id: number): number => device.state.channels.find(id)!.line.pts;

async function dialogOf(device: Device, id: number): Promise<tl.RawDialog> {
  const { dialogs } = await device.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: device.inputPeer(id) }] });
  return dialogs[0] as tl.RawDialog;
}

describe('a supergroup', () => {
  test('is created with one message, on all devices of its creator', async () => {
    const [alice] = (await people('Alice')) as [Actor];
    const tablet = await alice.device();
    await verifyUpdates([alice], async () => {
      const answer = (await alice.main.change({ _: 'channels.createChannel', megagroup: true, title: ' Climbing ', about: 'rocks' })) as tl.RawUpdates;
      const named = answer.updates.filter((update) => update._ === 'updateMessageID');
      expect(named).toHaveLength(1);
      expect(named[0]!.randomId.isZero()).toBe(false);
      expect(answer.updates.filter((update) => update._ === 'updateNewChannelMessage')).toMatchObject([
        { pts: 2, ptsCount: 1, message: { id: named[0]!.id, out: true, fromId: { userId: alice.id }, action: { _: 'messageActionChannelCreate', title: 'Climbing' } } },
      ]);
      expect(answer.chats).toMatchObject([{ _: 'channel', megagroup: true, broadcast: false, creator: true, title: 'Climbing', participantsCount: 1 }]);
      await tablet.sees('action:messageActionChannelCreate');
    });
  });

  test('takes in people who are invited; all read what is written, one of them after being away', async () => {
    const [alice, bob, carol, dora] = (await people('Alice', 'Bob', 'Carol', 'Dora')) as [Actor, Actor, Actor, Actor];
    const id = await create(alice, 'megagroup');
    await verifyUpdates([alice, bob, carol, dora], async () => {
      await dora.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyChatInvite' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
      const { missingInvitees } = await invite(alice, id, [bob, carol, dora]);
      expect(missingInvitees).toMatchObject([{ userId: dora.id }]);
      for (const actor of [bob, carol]) await knows(actor.main, id);
      expect(await dialogOf(bob.main, id)).toMatchObject({ topMessage: 2, unreadCount: 1, pts: 3 });
    });
    await carol.main.goOffline();
    await verifyUpdates([alice, bob], async () => {
      const { updates } = await post(bob.main, id, 'hello');
      expect(updates).toMatchObject([{ _: 'updateMessageID', id: 3 }, { _: 'updateNewChannelMessage', pts: 4, message: { out: true, message: 'hello' } }]);
      await alice.sees('hello');
      await post(alice.main, id, 'hi Bob', { replyTo: { _: 'inputReplyToMessage', replyToMsgId: 3 }, entities: [{ _: 'messageEntityBold', offset: 0, length: 2 }] });
      expect((await bob.sees('hi Bob')).reply_to).toBe(3);
    });
    await carol.main.goOnline();
    expect(carol.main.find('hello')).toBeUndefined();
    await carol.main.catchUp();
    await carol.sees('hi Bob');
    await verifyUpdates([alice, bob, carol], async () => {
      await post(carol.main, id, 'here I am');
      for (const actor of [alice, bob]) await actor.sees('here I am');
    });
  });

  test('counts what each member has not read, and tells authors that they were read', async () => {
    const [alice, bob] = (await people('Alice', 'Bob')) as [Actor, Actor];
    const phone = await bob.device();
    const id = await create(alice, 'megagroup');
    await invite(alice, id, [bob]);
    await knows(bob.main, id);
    await knows(phone, id);
    for (const text of ['one', 'two', 'three']) await post(alice.main, id, text);
    await post(bob.main, id, 'mine');
    await alice.sees('mine');
    await verifyUpdates([alice, bob], async () => {
      expect(await dialogOf(bob.main, id)).toMatchObject({ unreadCount: 4 });
      await read(bob.main, id, 3);
      expect(await phone.seesUpdate('updateReadChannelInbox')).toMatchObject({ maxId: 3, stillUnreadCount: 2, pts: ptsOf(phone, id) });
      expect(await alice.main.seesUpdate('updateReadChannelOutbox')).toMatchObject({ maxId: 3 });
      expect(await dialogOf(bob.main, id)).toMatchObject({ unreadCount: 2, readInboxMaxId: 3 });
      expect(await dialogOf(alice.main, id)).toMatchObject({ unreadCount: 1, readOutboxMaxId: 3 });
    });
    await verifyUpdates([alice, bob], async () => {
      await read(bob.main, id, 0);
      expect(await dialogOf(bob.main, id)).toMatchObject({ unreadCount: 0, readInboxMaxId: 6 });
      await post(alice.main, id, 'four');
      await bob.sees('four');
      expect(await dialogOf(bob.main, id)).toMatchObject({ unreadCount: 1 });
    });
  });

  test('loses a member who leaves, and refuses what former members and strangers want', async () => {
    const [alice, bob, carol] = (await people('Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const id = await create(alice, 'megagroup');
    await invite(alice, id, [bob]);
    await knows(bob.main, id);
    const bobsInput = bob.main.inputChannel(id);
    await verifyUpdates([alice, bob, carol], async () => {
      await bob.main.change({ _: 'channels.leaveChannel', channel: bobsInput });
      await alice.sees(LEAVE);
      expect(bob.main.state.channels.find(id)).toBeUndefined();
      expect(await bob.main.fails({ _: 'messages.sendMessage', peer: { ...bobsInput, _: 'inputPeerChannel' }, message: 'x', randomId: randomLong() })).toMatchObject({ text: 'CHANNEL_PRIVATE' });
      expect(await bob.main.fails({ _: 'channels.leaveChannel', channel: bobsInput })).toMatchObject({ text: 'CHANNEL_PRIVATE' });
      // Carol uses the access hash that belongs to Bob.
      expect(await carol.main.fails({ _: 'channels.getFullChannel', channel: bobsInput })).toMatchObject({ text: 'CHANNEL_INVALID' });
      await post(alice.main, id, 'without Bob');
    });
    expect(bob.main.find('without Bob')).toBeUndefined();
    // Only mutual contacts may bring back somebody who has left.
    expect(await alice.main.fails({ _: 'channels.inviteToChannel', channel: alice.main.inputChannel(id), users: [alice.main.inputUser(bob.id)] })).toMatchObject({
      text: 'USER_NOT_MUTUAL_CONTACT',
    });
    await bob.main.change({ _: 'contacts.addContact', id: bob.main.inputUser(alice.id), firstName: 'Alice', lastName: '', phone: '' });
    await verifyUpdates([alice, bob], async () => {
      await invite(alice, id, [bob]);
      await knows(bob.main, id);
      expect(bob.main.find('without Bob')).toBeDefined();
    });
  });

  test('has no more members than the setting allows', async () => {
    const [alice, ...others] = await people('Alice', 'Bob', 'Carol', 'Dora', 'Erik', 'Fred');
    const id = await create(alice!, 'megagroup');
    for (const other of others) await alice!.meet(other);
    const users = others.map((other) => alice!.main.inputUser(other.id));
    const channel = alice!.main.inputChannel(id);
    expect(await alice!.main.fails({ _: 'channels.inviteToChannel', channel, users })).toMatchObject({ text: 'USERS_TOO_MUCH' });
    const { participants, count } = await participantsOf(alice!.main, id);
    expect([participants.length, count]).toEqual([1, 1]);
  });

  test('recognises a send that is repeated', async () => {
    const [alice] = (await people('Alice')) as [Actor];
    const id = await create(alice, 'megagroup');
    const randomId = randomLong();
    await verifyUpdates([alice], async () => {
      const first = await post(alice.main, id, 'once', { randomId });
      const second = await post(alice.main, id, 'once', { randomId });
      expect(second.updates).toEqual(first.updates);
    });
    const page = await alice.main.loadHistory(id);
    expect(page.filter((message) => message.text === 'once')).toHaveLength(1);
  });

  test('lists its members', async () => {
    const [alice, bob, carol] = (await people('Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const id = await create(alice, 'megagroup');
    await invite(alice, id, [bob, carol]);
    await knows(bob.main, id);
    const kinds = async (filter: tl.TypeChannelParticipantsFilter): Promise<string[]> =>
      (await participantsOf(bob.main, id, filter)).participants.map((row) => row._).sort();
    expect(await kinds({ _: 'channelParticipantsRecent' })).toEqual(['channelParticipant', 'channelParticipantCreator', 'channelParticipantSelf']);
    expect(await kinds({ _: 'channelParticipantsAdmins' })).toEqual(['channelParticipantCreator']);
    expect(await kinds({ _: 'channelParticipantsSearch', q: 'car' })).toEqual(['channelParticipant']);
    expect(await kinds({ _: 'channelParticipantsContacts', q: '' })).toEqual([]);
    const channel = bob.main.inputChannel(id);
    expect(await bob.main.fails({ _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsKicked', q: '' }, offset: 0, limit: 10, hash: Long.ZERO })).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
    const self = await bob.main.call({ _: 'channels.getParticipant', channel, participant: { _: 'inputPeerSelf' } });
    expect(self.participant).toMatchObject({ _: 'channelParticipantSelf', userId: bob.id, inviterId: alice.id });
    const [dora] = (await people('Dora')) as [Actor];
    await bob.meet(dora);
    expect(await bob.main.fails({ _: 'channels.getParticipant', channel, participant: bob.main.inputPeer(dora.id) })).toMatchObject({ text: 'USER_NOT_PARTICIPANT' });
  });
});

async function participantsOf(device: Device, id: number, filter: tl.TypeChannelParticipantsFilter = { _: 'channelParticipantsRecent' }): Promise<tl.channels.RawChannelParticipants> {
  return (await device.call({ _: 'channels.getParticipants', channel: device.inputChannel(id), filter, offset: 0, limit: 10, hash: Long.ZERO })) as tl.channels.RawChannelParticipants;
}

const RIGHTS: tl.RawChatAdminRights = { _: 'chatAdminRights' };
const NO_BANS: tl.RawChatBannedRights = { _: 'chatBannedRights', untilDate: 0 };

describe('the admins of a supergroup', () => {
  /** A group of Alice with two members. */
  async function group(): Promise<{ id: number; alice: Actor; bob: Actor; carol: Actor }> {
    const [alice, bob, carol] = (await people('Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const id = await create(alice, 'megagroup');
    await invite(alice, id, [bob, carol]);
    for (const actor of [bob, carol]) await knows(actor.main, id);
    return { id, alice, bob, carol };
  }

  const promote = (actor: Actor, id: number, other: Actor, { rank = '', ...rights }: Partial<tl.RawChatAdminRights> & { rank?: string }): Promise<tl.TypeUpdates> =>
    actor.main.change({ _: 'channels.editAdmin', channel: actor.main.inputChannel(id), userId: actor.main.inputUser(other.id), adminRights: { ...RIGHTS, ...rights }, rank });
  const ban = (actor: Actor, id: number, other: Actor, bannedRights: tl.RawChatBannedRights): Promise<tl.TypeUpdates> =>
    actor.main.change({ _: 'channels.editBanned', channel: actor.main.inputChannel(id), participant: actor.main.inputPeer(other.id), bannedRights });
  const remove = (actor: Actor, id: number, ids: number[]): Promise<tl.messages.RawAffectedMessages> =>
    actor.main.call({ _: 'channels.deleteMessages', channel: actor.main.inputChannel(id), id: ids });

  test('edit and delete messages: everybody their own, with the right those of others', async () => {
    const { id, alice, bob, carol } = await group();
    await verifyUpdates([alice, bob, carol], async () => {
      await post(bob.main, id, 'frist');
      await post(carol.main, id, 'rude');
      await alice.sees('rude');
      await bob.main.change({ _: 'messages.editMessage', peer: bob.main.inputPeer(id), id: 3, message: 'first' });
      for (const actor of [alice, carol]) await actor.sees('first');
      expect(await alice.main.fails({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: 3, message: 'mine' })).toMatchObject({ text: 'MESSAGE_AUTHOR_REQUIRED' });
      expect(await bob.main.fails({ _: 'messages.editMessage', peer: bob.main.inputPeer(id), id: 3, message: 'first' })).toMatchObject({ text: 'MESSAGE_NOT_MODIFIED' });
      expect(await bob.main.fails({ _: 'channels.deleteMessages', channel: bob.main.inputChannel(id), id: [4] })).toMatchObject({ text: 'MESSAGE_DELETE_FORBIDDEN' });
      expect(await remove(alice, id, [4, 99])).toMatchObject({ ptsCount: 1 });
      await Promise.all([bob, carol].map((actor) => actor.seesGone('rude')));
      expect(await alice.main.fails({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [1] })).toMatchObject({ text: 'MESSAGE_DELETE_FORBIDDEN' });
      expect(await remove(alice, id, [4])).toMatchObject({ ptsCount: 0 });
      expect(await dialogOf(alice.main, id)).toMatchObject({ topMessage: 3, unreadCount: 1 });
      expect(await dialogOf(carol.main, id)).toMatchObject({ unreadCount: 2 });
    });
  });

  test('are made by the creator and by admins who may, who grant no more than they have', async () => {
    const { id, alice, bob, carol } = await group();
    await verifyUpdates([alice, bob, carol], async () => {
      await promote(alice, id, bob, { addAdmins: true, banUsers: true, rank: 'helper' });
      expect(await bob.main.seesUpdate('updateChannel')).toBeDefined();
      await bob.meet(carol);
      const more = { ...RIGHTS, addAdmins: true, deleteMessages: true };
      expect(await bob.main.fails({ _: 'channels.editAdmin', channel: bob.main.inputChannel(id), userId: bob.main.inputUser(carol.id), adminRights: more, rank: '' })).toMatchObject({ text: 'RIGHT_FORBIDDEN' });
      await promote(bob, id, carol, { banUsers: true });
      const admins = await participantsOf(alice.main, id, { _: 'channelParticipantsAdmins' });
      expect(admins.participants.map((row) => [row._, 'rank' in row ? row.rank : undefined])).toEqual(
        expect.arrayContaining([['channelParticipantCreator', undefined], ['channelParticipantAdmin', 'helper'], ['channelParticipantAdmin', undefined]]),
      );
      await promote(alice, id, carol, {});
      expect((await participantsOf(alice.main, id, { _: 'channelParticipantsAdmins' })).count).toBe(2);
    });
  });

  test('restrict, remove and let in again', async () => {
    const { id, alice, bob, carol } = await group();
    await verifyUpdates([alice, bob, carol], async () => {
      await ban(alice, id, bob, { ...NO_BANS, sendPlain: true });
      expect(await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'x', randomId: randomLong() })).toMatchObject({ text: 'CHAT_SEND_PLAIN_FORBIDDEN' });
      await ban(alice, id, bob, NO_BANS);
      await post(bob.main, id, 'free again');
      await carol.sees('free again');
    });
    const input = bob.main.inputPeer(id);
    await verifyUpdates([alice, bob, carol], async () => {
      await ban(alice, id, bob, { ...NO_BANS, viewMessages: true });
      await carol.sees(LEAVE);
      await bob.main.waitUntil('the channel to go', () => bob.main.state.channels.find(id) === undefined);
      expect(await bob.main.fails({ _: 'messages.sendMessage', peer: input, message: 'x', randomId: randomLong() })).toMatchObject({ text: 'CHANNEL_PRIVATE' });
      await post(alice.main, id, 'without Bob');
      await carol.sees('without Bob');
      expect((await participantsOf(alice.main, id, { _: 'channelParticipantsKicked', q: '' })).participants).toMatchObject([{ _: 'channelParticipantBanned', left: true, peer: { userId: bob.id }, kickedBy: alice.id }]);
    });
    expect(bob.main.find('without Bob')).toBeUndefined();
    await invite(alice, id, [bob]);
    await bob.sees('without Bob');
  });

  test('change the title, what members may do, and slow mode', async () => {
    const { id, alice, bob, carol } = await group();
    await verifyUpdates([alice, bob, carol], async () => {
      await alice.main.change({ _: 'channels.editTitle', channel: alice.main.inputChannel(id), title: 'Bouldering' });
      await bob.sees('action:messageActionChatEditTitle');
      await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { ...NO_BANS, sendMessages: true } });
      await bob.main.seesUpdate('updateChatDefaultBannedRights');
      expect(await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'x', randomId: randomLong() })).toMatchObject({ text: 'CHAT_WRITE_FORBIDDEN' });
      await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: NO_BANS });
      await alice.main.change({ _: 'channels.toggleSlowMode', channel: alice.main.inputChannel(id), seconds: 3600 });
      await post(bob.main, id, 'slowly');
      expect((await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'x', randomId: randomLong() })).text).toMatch(/^SLOWMODE_WAIT_/);
      await alice.main.call({ _: 'messages.editChatAbout', peer: alice.main.inputPeer(id), about: 'no ropes' });
      const { fullChat } = await bob.main.call({ _: 'channels.getFullChannel', channel: bob.main.inputChannel(id) });
      expect(fullChat).toMatchObject({ about: 'no ropes', slowmodeSeconds: 3600, participantsCount: 3 });
    });
  });
});

describe('a broadcast channel', () => {
  test('shows posts of its creator to subscribers, who cannot post themselves or list each other', async () => {
    const [alice, bob] = (await people('Alice', 'Bob')) as [Actor, Actor];
    const id = await create(alice, 'broadcast', 'News');
    await invite(alice, id, [bob]);
    await knows(bob.main, id);
    await verifyUpdates([alice, bob], async () => {
      await post(alice.main, id, 'news');
      const seen = await bob.sees('news');
      expect(seen.raw).toMatchObject({ post: true, peer_id: { channel_id: BigInt(-id - 1_000_000_000_000) } });
      expect(bob.main.find(ADD)).toBeUndefined();
      expect(await bob.main.fails({ _: 'messages.sendMessage', peer: bob.main.inputPeer(id), message: 'no', randomId: randomLong() })).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
      const channel = bob.main.inputChannel(id);
      expect(await bob.main.fails({ _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 10, hash: Long.ZERO })).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
    });
  });
});

describe('the difference of a channel', () => {
  test('comes in slices, and tells a client that knows nothing how far the channel is', async () => {
    const [alice] = (await people('Alice')) as [Actor];
    const id = await create(alice, 'megagroup');
    for (let n = 1; n <= 5; n++) await post(alice.main, id, `m${n}`);
    const ask = (pts: number, limit: number): Promise<tl.updates.TypeChannelDifference> =>
      alice.main.call({ _: 'updates.getChannelDifference', channel: alice.main.inputChannel(id), filter: { _: 'channelMessagesFilterEmpty' }, pts, limit });
    const first = (await ask(2, 3)) as tl.updates.RawChannelDifference;
    expect([first.final, first.pts, first.timeout, first.newMessages.map((message) => message.id)]).toEqual([false, 5, undefined, [2, 3, 4]]);
    const last = (await ask(5, 3)) as tl.updates.RawChannelDifference;
    expect([last.final, last.pts, last.newMessages.map((message) => message.id)]).toEqual([true, 7, [5, 6]]);
    expect(last.timeout).toBeGreaterThan(0);
    expect(await ask(7, 3)).toMatchObject({ _: 'updates.channelDifferenceEmpty', final: true, pts: 7 });
    expect(await ask(1, 1)).toMatchObject({ _: 'updates.channelDifferenceTooLong', final: true, dialog: { pts: 7, topMessage: 6 }, messages: [{ id: 6 }] });
    await expect(ask(0, 1)).rejects.toMatchObject({ text: 'PERSISTENT_TIMESTAMP_EMPTY' });
  });
});
