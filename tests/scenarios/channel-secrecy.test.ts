import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, knowsChannel, losesChannel, postIn, promoteIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const SELF: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };
const ZERO = { low: 0, high: 0 } as never;
const FILTERS: readonly tl.TypeChannelParticipantsFilter[] = [
  { _: 'channelParticipantsRecent' },
  { _: 'channelParticipantsAdmins' },
  { _: 'channelParticipantsSearch', q: '' },
  { _: 'channelParticipantsContacts', q: '' },
];

const peerOf = (id: number): tl.RawPeerChannel => ({ _: 'peerChannel', channelId: -id - 1_000_000_000_000 });

async function membersOf(viewer: Actor, id: number, filter: tl.TypeChannelParticipantsFilter): Promise<{ userIds: number[]; count: number }> {
  const answer = await viewer.main.call({ _: 'channels.getParticipants', channel: viewer.main.inputChannel(id), filter, offset: 0, limit: 100, hash: ZERO });
  const { participants, count } = answer as tl.channels.RawChannelParticipants;
  return { userIds: participants.map((one) => ('userId' in one ? one.userId : 0)), count };
}

const askFor = (viewer: Actor, id: number, participant: tl.TypeInputPeer): tl.channels.RawGetParticipantRequest => ({ _: 'channels.getParticipant', channel: viewer.main.inputChannel(id), participant });

async function seen(viewer: Actor, id: number, participant: tl.TypeInputPeer): Promise<{ participant: tl.TypeChannelParticipant; userIds: number[] }> {
  const answer = await viewer.main.call(askFor(viewer, id, participant));
  return { participant: answer.participant, userIds: answer.users.map((user) => user.id) };
}

async function restrict(actor: Actor, id: number, member: Actor, rights: Partial<tl.RawChatBannedRights>): Promise<void> {
  const bannedRights: tl.RawChatBannedRights = { _: 'chatBannedRights', untilDate: 0, ...rights };
  await actor.main.change({ _: 'channels.editBanned', channel: actor.main.inputChannel(id), participant: actor.main.inputPeer(member.id), bannedRights });
}

/** The messages after one that a viewer can read, newest first, and the ids of all users named with them. */
async function historyOf(viewer: Actor, id: number, minId = 0): Promise<{ messages: tl.RawMessageService[]; userIds: number[] }> {
  const peer = viewer.main.inputPeer(id);
  const answer = await viewer.main.call({ _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 50, maxId: 0, minId, hash: ZERO });
  const { messages, users } = answer as tl.messages.RawChannelMessages;
  return { messages: messages as tl.RawMessageService[], userIds: users.map((user) => user.id) };
}

/** Makes two people contacts of each other. */
async function addContacts(one: Actor, other: Actor): Promise<void> {
  for (const [actor, user] of [[one, other], [other, one]] as const) {
    await actor.main.call({ _: 'contacts.addContact', id: actor.main.inputUser(user.id), firstName: 'A', lastName: 'Contact', phone: '' });
  }
}

describe('an anonymous admin', () => {
  const RIGHTS = { anonymous: true, pinMessages: true, changeInfo: true, banUsers: true, inviteUsers: true, addAdmins: true };

  test('is not named by the messages about what the admin does', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const [dora] = (await people(scenario, 'Dora')) as [Actor];
    await promoteIn(alice, id, bob, RIGHTS);
    const msg = await postIn(alice, id, 'hello');
    await verifyUpdates([alice, bob, carol], async () => {
      await bob.main.change({ _: 'messages.updatePinnedMessage', peer: bob.main.inputPeer(id), id: msg });
      await bob.main.change({ _: 'channels.editTitle', channel: bob.main.inputChannel(id), title: 'Bouldering' });
      await bob.main.change({ _: 'messages.setHistoryTTL', peer: bob.main.inputPeer(id), period: 86_400 });
      await inviteTo(bob, id, [dora]);
      await restrict(bob, id, dora, { viewMessages: true });
      await carol.sees('action:messageActionChatDeleteUser');
    });
    const { messages: said, userIds } = await historyOf(carol, id, msg);
    expect(said.map((message) => message.action._).toReversed()).toEqual(
      ['PinMessage', 'ChatEditTitle', 'SetMessagesTTL', 'ChatAddUser', 'ChatDeleteUser'].map((name) => `messageAction${name}`),
    );
    expect(said.map((message) => message.fromId)).toEqual(said.map(() => peerOf(id)));
    expect(userIds).not.toContain(bob.id);
  });

  test('leaves, comes back and is removed without a word', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await addContacts(alice, bob);
    await promoteIn(alice, id, bob, RIGHTS);
    const last = await postIn(alice, id, 'the last message');
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
    await losesChannel(bob.main, id);
    expect((await historyOf(carol, id)).messages[0]?.id).toBe(last);
    await inviteTo(alice, id, [bob]);
    await promoteIn(alice, id, bob, RIGHTS);
    const next = await postIn(alice, id, 'the next message');
    await restrict(alice, id, bob, { viewMessages: true });
    await losesChannel(bob.main, id);
    expect((await historyOf(carol, id)).messages[0]?.id).toBe(next);
  });

  test('is in no list that ordinary members see, but admins and the admin see everybody', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await bob.meet(carol);
    await addContacts(bob, carol);
    await promoteIn(alice, id, bob, RIGHTS);
    for (const filter of FILTERS) expect((await membersOf(carol, id, filter)).userIds).not.toContain(bob.id);
    expect(await membersOf(carol, id, FILTERS[0]!)).toMatchObject({ count: 2 });
    expect(await membersOf(carol, id, FILTERS[1]!)).toEqual({ userIds: [alice.id], count: 1 });
    for (const viewer of [alice, bob]) {
      expect(await membersOf(viewer, id, FILTERS[0]!)).toMatchObject({ count: 3 });
      expect((await membersOf(viewer, id, FILTERS[1]!)).userIds).toContain(bob.id);
    }
    const commonOf = async (viewer: Actor): Promise<number> => (await viewer.main.call({ _: 'messages.getCommonChats', userId: viewer.main.inputUser(bob.id), maxId: 0, limit: 10 })).chats.length;
    expect([await commonOf(carol), await commonOf(alice)]).toEqual([0, 1]);
    expect(await carol.main.fails(askFor(carol, id, carol.main.inputPeer(bob.id)))).toEqual({ code: 400, text: 'USER_NOT_PARTICIPANT' });
    expect((await seen(alice, id, alice.main.inputPeer(bob.id))).participant._).toBe('channelParticipantAdmin');
    // The rank of an admin who is not anonymous shows nobody who is.
    await promoteIn(bob, id, carol, { pinMessages: true });
    const [dora] = (await people(scenario, 'Dora')) as [Actor];
    await inviteTo(bob, id, [dora]);
    await dora.meet(carol);
    expect((await seen(dora, id, dora.main.inputPeer(carol.id))).participant).toMatchObject({ _: 'channelParticipantAdmin', promotedBy: carol.id });
    const self = await seen(dora, id, SELF);
    expect([self.participant, self.userIds]).toMatchObject([{ _: 'channelParticipantSelf', inviterId: dora.id }, [dora.id]]);
    await restrict(bob, id, dora, { sendPhotos: true });
    expect((await seen(dora, id, SELF)).participant).toMatchObject({ _: 'channelParticipantBanned', kickedBy: dora.id });
    // Not even after the anonymity has ended does a member learn who invited them.
    await restrict(bob, id, dora, {});
    await promoteIn(alice, id, bob, {});
    expect((await seen(dora, id, SELF)).participant).toMatchObject({ _: 'channelParticipantSelf', inviterId: dora.id });
  });

  test('who owns the group leaves it and comes back without a word, as anonymous as before', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, alice, { anonymous: true });
    await promoteIn(alice, id, bob, { pinMessages: true });
    const last = await postIn(alice, id, 'bye');
    const channel = alice.main.inputChannel(id);
    await alice.main.change({ _: 'channels.leaveChannel', channel });
    await losesChannel(alice.main, id);
    await alice.main.change({ _: 'channels.joinChannel', channel });
    await knowsChannel(alice.main, id);
    const { messages } = await historyOf(carol, id);
    expect(messages[0]?.id).toBe(last);
    expect((await membersOf(carol, id, FILTERS[1]!)).userIds).toEqual([bob.id]);
    // Bob was promoted by the owner, whom nobody knows.
    expect((await seen(carol, id, carol.main.inputPeer(bob.id))).participant).toMatchObject({ promotedBy: bob.id });
  });
});

describe('subscribers of a broadcast channel', () => {
  test('learn neither who owns it nor who its admins are', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    await promoteIn(alice, id, bob, { postMessages: true });
    for (const filter of FILTERS) {
      const ask: tl.channels.RawGetParticipantsRequest = { _: 'channels.getParticipants', channel: carol.main.inputChannel(id), filter, offset: 0, limit: 100, hash: ZERO };
      expect(await carol.main.fails(ask)).toEqual({ code: 400, text: 'CHAT_ADMIN_REQUIRED' });
    }
    expect(new Set((await membersOf(bob, id, FILTERS[1]!)).userIds)).toEqual(new Set([alice.id, bob.id]));
    expect((await seen(carol, id, SELF)).participant).toMatchObject({ _: 'channelParticipantSelf', inviterId: alice.id });
    await restrict(alice, id, carol, { sendReactions: true });
    const restricted = await seen(carol, id, SELF);
    expect([restricted.participant, restricted.userIds]).toMatchObject([{ kickedBy: carol.id }, [carol.id]]);
    // Those who come by themselves are told of nobody.
    await restrict(alice, id, carol, {});
    const channel = carol.main.inputChannel(id);
    await scenario.server.db.q.updateTable('channels').set({ username: `secret_keepers_${carol.id}` }).where('channel_id', '=', BigInt(peerOf(id).channelId)).execute();
    await alice.main.change({ _: 'channels.editTitle', channel: alice.main.inputChannel(id), title: 'News' });
    await carol.main.change({ _: 'channels.leaveChannel', channel });
    await losesChannel(carol.main, id);
    const asStranger: tl.channels.RawGetParticipantsRequest = { _: 'channels.getParticipants', channel, filter: FILTERS[1]!, offset: 0, limit: 100, hash: ZERO };
    expect(await carol.main.fails(asStranger)).toEqual({ code: 400, text: 'CHAT_ADMIN_REQUIRED' });
    await carol.main.change({ _: 'channels.joinChannel', channel });
    await knowsChannel(carol.main, id);
    const joined = await seen(carol, id, SELF);
    expect([joined.participant, joined.userIds]).toMatchObject([{ inviterId: carol.id }, [carol.id]]);
  });

  test('are not told that the owner has left, nor to whom', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    await promoteIn(alice, id, bob, { postMessages: true });
    await alice.main.change({ _: 'channels.leaveChannel', channel: alice.main.inputChannel(id) });
    const { messages, userIds } = await historyOf(carol, id);
    expect([messages.map((message) => message.action._), userIds]).toEqual([['messageActionChannelCreate'], []]);
  });
});

test('who was banned or has left is not told that others read the old messages', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const read = (actor: Actor, maxId: number) => actor.main.call({ _: 'channels.readHistory', channel: actor.main.inputChannel(id), maxId });
  const first = await postIn(bob, id, 'by bob');
  await carol.sees('by bob');
  await read(bob, first);
  await restrict(alice, id, bob, { viewMessages: true });
  await losesChannel(bob.main, id);
  const second = await postIn(alice, id, 'without bob');
  await carol.sees('without bob');
  await read(carol, second);
  await alice.main.seesUpdate('updateReadChannelOutbox', (update) => update.maxId === second);
  await alice.meet(bob);
  // This message was pushed to Bob after whatever the reading caused.
  await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(bob.id), message: 'sorry', randomId: randomLong() });
  await bob.sees('sorry');
  expect(bob.main.events.map((event) => event._)).not.toContain('updateReadChannelOutbox');
});

describe('whoever writes in the name of a channel', () => {
  let names = 0;
  const setName = (owner: Actor, id: number, isPublic = true) =>
    owner.main.call({ _: 'channels.updateUsername', channel: owner.main.inputChannel(id), username: isPublic ? `masks_${owner.id}_${++names}` : '' });

  /** Alice's public group, in which Bob may write in the name of his public channel. */
  async function maskedStage(): Promise<Awaited<ReturnType<typeof channelStage>> & { news: number }> {
    const stage = await channelStage(scenario);
    const news = await createChannel(stage.bob, 'broadcast', 'News');
    await setName(stage.alice, stage.id);
    await setName(stage.bob, news);
    return { ...stage, news };
  }

  const postLater = (actor: Actor, id: number, message: string, sendAs?: tl.TypeInputPeer): tl.messages.RawSendMessageRequest => ({
    _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, randomId: randomLong(), scheduleDate: Math.floor(Date.now() / 1000) + 3600, sendAs,
  });

  async function schedule(...args: Parameters<typeof postLater>): Promise<tl.RawMessage> {
    const { updates } = (await args[0].main.change(postLater(...args))) as tl.RawUpdates;
    return (updates.find((update) => update._ === 'updateNewScheduledMessage') as tl.RawUpdateNewScheduledMessage).message as tl.RawMessage;
  }

  const sendNow = (actor: Actor, id: number, msgId: number): tl.messages.RawSendScheduledMessagesRequest => ({ _: 'messages.sendScheduledMessages', peer: actor.main.inputPeer(id), id: [msgId] });

  test('has scheduled posts sent in its name, or not at all', async () => {
    const { id, alice, bob, carol, news } = await maskedStage();
    const as = bob.main.inputPeer(news);
    expect(await carol.main.fails(postLater(carol, id, 'x', carol.main.inputPeer(id)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
    await verifyUpdates([alice, bob, carol], async () => {
      const later = await schedule(bob, id, 'masked', as);
      expect(later.fromId).toEqual(peerOf(news));
      await bob.main.change(sendNow(bob, id, later.id));
      expect((await carol.sees('masked')).raw).toMatchObject({ from_id: { channel_id: BigInt(peerOf(news).channelId) } });
    });
    // The choice for the chat counts as well, as it was when the post was scheduled.
    const plain = await schedule(bob, id, 'my own words');
    await bob.main.call({ _: 'messages.saveDefaultSendAs', peer: bob.main.inputPeer(id), sendAs: as });
    const chosen = await schedule(bob, id, 'never under my name');
    expect([plain.fromId, chosen.fromId]).toEqual([{ _: 'peerUser', userId: bob.id }, peerOf(news)]);
    await bob.main.change(sendNow(bob, id, plain.id));
    expect((await carol.sees('my own words')).from).toBe(bob.id);
    await setName(bob, news, false);
    expect(await bob.main.fails(sendNow(bob, id, chosen.id))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
    const waiting = await bob.main.call({ _: 'messages.getScheduledHistory', peer: bob.main.inputPeer(id), hash: ZERO });
    expect(waiting).toMatchObject({ messages: [{ id: chosen.id, fromId: peerOf(news) }] });
  });

  test('ticks tasks of a list in the name in which it was written', async () => {
    const { id, alice, bob, carol, news } = await maskedStage();
    const words = (text: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text, entities: [] });
    const todo: tl.RawTodoList = { _: 'todoList', title: words('Routes'), list: [1, 2].map((task) => ({ _: 'todoItem', id: task, title: words(`Route ${task}`) })) };
    const peer = bob.main.inputPeer(id);
    const { updates } = (await bob.main.change({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaTodo', todo }, message: '', randomId: randomLong(), sendAs: bob.main.inputPeer(news) })) as tl.RawUpdates;
    const { id: msgId } = updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID;
    await verifyUpdates([alice, bob, carol], async () => {
      await bob.main.change({ _: 'messages.toggleTodoCompleted', peer, msgId, completed: [2], incompleted: [] });
      await bob.main.change({ _: 'messages.appendTodoList', peer, msgId, list: [{ _: 'todoItem', id: 3, title: words('Route 3') }] });
    });
    const { messages } = (await carol.main.call({ _: 'messages.getHistory', peer: carol.main.inputPeer(id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 3, maxId: 0, minId: 0, hash: ZERO })) as tl.messages.RawMessages;
    expect(messages).toMatchObject([{ fromId: peerOf(news) }, { fromId: peerOf(news) }, { fromId: peerOf(news), media: { completions: [{ id: 2, completedBy: peerOf(news) }] } }]);
    await setName(bob, news, false);
    expect((await alice.main.fails({ _: 'messages.toggleTodoCompleted', peer: alice.main.inputPeer(id), msgId, completed: [1], incompleted: [] })).text).toBe('MESSAGE_AUTHOR_REQUIRED');
  });

  test('as an anonymous admin is not named by a post that was scheduled before the dismissal', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { anonymous: true });
    const later = await schedule(bob, id, 'the group will say');
    expect(later.fromId).toEqual(peerOf(id));
    await promoteIn(alice, id, bob, {});
    expect(await bob.main.fails(sendNow(bob, id, later.id))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
  });
});
