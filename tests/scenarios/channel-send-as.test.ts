import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, promoteIn } from './channel-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const SELF: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };
const plainId = (id: number): number => -id - 1_000_000_000_000;
const peerOf = (id: number): tl.RawPeerChannel => ({ _: 'peerChannel', channelId: plainId(id) });

let names = 0;

/** Makes a channel public, or private again. The change of the title lets the server read the row again. */
async function setPublic(creator: Actor, id: number, isPublic = true): Promise<void> {
  await sql`UPDATE channels SET username = ${isPublic ? `public_name_${++names}` : null} WHERE channel_id = ${BigInt(plainId(id))}`.execute(scenario.server.db.q);
  await creator.main.change({ _: 'channels.editTitle', channel: creator.main.inputChannel(id), title: `Title ${++names}` });
}

const sendCall = (actor: Actor, id: number, message: string, sendAs?: tl.TypeInputPeer): tl.messages.RawSendMessageRequest => ({
  _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, randomId: randomLong(), sendAs,
});

async function send(...call: Parameters<typeof sendCall>): Promise<tl.RawMessage> {
  const { updates } = (await call[0].main.change(sendCall(...call))) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateNewChannelMessage') as tl.RawUpdateNewChannelMessage).message as tl.RawMessage;
}

async function offeredTo(actor: Actor, id: number): Promise<tl.TypePeer[]> {
  const { peers } = await actor.main.call({ _: 'channels.getSendAs', peer: actor.main.inputPeer(id) });
  return peers.map(({ peer }) => peer);
}

async function shownTo(actor: Actor, id: number): Promise<tl.TypePeer | undefined> {
  const { fullChat } = await actor.main.call({ _: 'channels.getFullChannel', channel: actor.main.inputChannel(id) });
  return (fullChat as tl.RawChannelFull).defaultSendAs;
}

const save = (actor: Actor, id: number, sendAs: tl.TypeInputPeer): tl.messages.RawSaveDefaultSendAsRequest => ({ _: 'messages.saveDefaultSendAs', peer: actor.main.inputPeer(id), sendAs });

describe('an anonymous admin', () => {
  test('writes in the name of the group, and cannot write in any other name', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { anonymous: true, deleteMessages: true });
    await verifyUpdates([alice, bob, carol], async () => {
      expect(await offeredTo(bob, id)).toEqual([peerOf(id)]);
      expect(await shownTo(bob, id)).toEqual(peerOf(id));
      expect(await send(bob, id, 'we')).toMatchObject({ fromId: peerOf(id), out: true });
      expect(await send(bob, id, 'we again', bob.main.inputPeer(id))).toMatchObject({ fromId: peerOf(id) });
      expect((await carol.sees('we')).raw).toMatchObject({ from_id: { channel_id: BigInt(plainId(id)) } });
      expect(await bob.main.fails(sendCall(bob, id, 'I', SELF))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
      expect(await bob.main.fails(save(bob, id, SELF))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
    });
    await promoteIn(alice, id, bob, { deleteMessages: true });
    expect(await bob.main.fails(sendCall(bob, id, 'not we', bob.main.inputPeer(id)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
    expect(await carol.main.fails(sendCall(carol, id, 'not we', carol.main.inputPeer(id)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
    expect(await send(bob, id, 'I, at last', SELF)).toMatchObject({ fromId: { userId: bob.id } });
  });

  test('has the rank shown beside the name of the group', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const rights: tl.RawChatAdminRights = { _: 'chatAdminRights', anonymous: true };
    await alice.main.change({ _: 'channels.editAdmin', channel: alice.main.inputChannel(id), userId: alice.main.inputUser(bob.id), adminRights: rights, rank: 'routesetter' });
    expect(await send(bob, id, 'new routes')).toMatchObject({ postAuthor: 'routesetter', fromId: peerOf(id) });
  });
});

describe('in a public group', () => {
  test('members write in the name of public channels of their own, also when they forward and send media', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const news = await createChannel(bob, 'broadcast');
    await inviteTo(bob, news, [carol]);
    expect(await bob.main.fails(sendCall(bob, id, 'x', bob.main.inputPeer(news)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
    await setPublic(alice, id);
    expect(await bob.main.fails(sendCall(bob, id, 'x', bob.main.inputPeer(news)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
    expect(await offeredTo(bob, id)).toEqual([{ _: 'peerUser', userId: bob.id }]);
    await setPublic(bob, news);
    expect(await offeredTo(bob, id)).toEqual([{ _: 'peerUser', userId: bob.id }, peerOf(news)]);
    // Carol reads that channel, but is not its creator.
    expect(await offeredTo(carol, id)).toEqual([{ _: 'peerUser', userId: carol.id }]);
    expect(await carol.main.fails(sendCall(carol, id, 'x', carol.main.inputPeer(news)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
    await verifyUpdates([alice, bob, carol], async () => {
      const as = bob.main.inputPeer(news);
      expect(await send(bob, id, 'from the editors', as)).toMatchObject({ fromId: peerOf(news), out: true });
      const { raw } = await alice.sees('from the editors');
      expect(raw).toMatchObject({ from_id: { channel_id: BigInt(plainId(news)) } });
      expect(raw.out).not.toBe(true);
      await bob.main.change({ _: 'messages.sendMedia', peer: bob.main.inputPeer(id), media: { _: 'inputMediaDice', emoticon: '🎲' }, message: '', randomId: randomLong(), sendAs: as });
      const [first] = [(await bob.sees('from the editors')).id];
      const forwarded = (await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(id), toPeer: bob.main.inputPeer(id), id: [first], randomId: [randomLong()], sendAs: as })) as tl.RawUpdates;
      expect(forwarded.updates.at(-1)).toMatchObject({ message: { fromId: peerOf(news), fwdFrom: { fromId: peerOf(news), channelPost: undefined } } });
      await bob.main.change({ _: 'messages.editMessage', peer: bob.main.inputPeer(id), id: first, message: 'from all editors' });
      await carol.sees('from all editors');
    });
  });

  test('the choice is kept, and if it cannot be used any more, nothing shows who has made it until it is made anew', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const phone = await bob.device();
    const news = await createChannel(bob, 'broadcast');
    for (const [creator, channel] of [[alice, id], [bob, news]] as const) await setPublic(creator, channel);
    await verifyUpdates([alice, bob], async () => {
      expect(await shownTo(bob, id)).toEqual({ _: 'peerUser', userId: bob.id });
      expect(await bob.main.call(save(bob, id, bob.main.inputPeer(news)))).toBe(true);
      await phone.seesUpdate('updateChannel');
      expect(await shownTo(bob, id)).toEqual(peerOf(news));
      expect(await send(bob, id, 'as chosen')).toMatchObject({ fromId: peerOf(news) });
      expect(await send(bob, id, 'as myself', SELF)).toMatchObject({ fromId: { userId: bob.id } });
    });
    const type = (actor: Actor): Promise<unknown> => actor.main.call({ _: 'messages.setTyping', peer: actor.main.inputPeer(id), action: { _: 'sendMessageTypingAction' } });
    for (const channel of [news, id]) {
      const creator = channel === id ? alice : bob;
      await setPublic(creator, channel, false);
      // Apps let somebody choose among several peers only.
      expect(await shownTo(bob, id)).toEqual(peerOf(news));
      expect(await offeredTo(bob, id)).toEqual([{ _: 'peerUser', userId: bob.id }, peerOf(news)]);
      expect(await bob.main.fails(sendCall(bob, id, 'as whom?'))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
      await type(bob);
      await type(alice);
      expect(await carol.main.seesUpdate('updateChannelUserTyping')).toMatchObject({ fromId: { userId: alice.id } });
      await setPublic(creator, channel);
    }
    await setPublic(alice, id, false);
    expect(await bob.main.call(save(bob, id, SELF))).toBe(true);
    expect(await shownTo(bob, id)).toBeUndefined();
    expect(await send(bob, id, 'as myself again')).toMatchObject({ fromId: { userId: bob.id } });
  });
});

describe('whoever is behind a channel', () => {
  const AT: Record<'near' | 'far', tl.RawInputGeoPoint> = { near: { _: 'inputGeoPoint', lat: 0, long: 0 }, far: { _: 'inputGeoPoint', lat: 0, long: 1 } };
  const live = (place: 'near' | 'far', proximityNotificationRadius?: number): tl.RawInputMediaGeoLive => ({ _: 'inputMediaGeoLive', geoPoint: AT[place], period: 900, proximityNotificationRadius });

  async function share(actor: Actor, id: number, media: tl.RawInputMediaGeoLive, sendAs?: tl.TypeInputPeer): Promise<number> {
    const { updates } = (await actor.main.change({ _: 'messages.sendMedia', peer: actor.main.inputPeer(id), media, message: '', randomId: randomLong(), sendAs })) as tl.RawUpdates;
    return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
  }

  const edit = (actor: Actor, id: number, msgId: number, what: { message: string } | { media: tl.RawInputMediaGeoLive }): tl.messages.RawEditMessageRequest => ({
    _: 'messages.editMessage', peer: actor.main.inputPeer(id), id: msgId, ...what,
  });
  const remove = (actor: Actor, id: number, msgIds: number[]): tl.channels.RawDeleteMessagesRequest => ({ _: 'channels.deleteMessages', channel: actor.main.inputChannel(id), id: msgIds });

  /** Alice's public group, in which Bob writes in the name of his public channel. */
  async function maskedStage(): Promise<Awaited<ReturnType<typeof channelStage>> & { news: number; as: tl.TypeInputPeer }> {
    const stage = await channelStage(scenario);
    const news = await createChannel(stage.bob, 'broadcast');
    for (const [creator, channel] of [[stage.alice, stage.id], [stage.bob, news]] as const) await setPublic(creator, channel);
    return { ...stage, news, as: stage.bob.main.inputPeer(news) };
  }

  test('is named neither by an alert that a live location causes, nor in the log of the group', async () => {
    const { id, alice, bob, carol, news, as } = await maskedStage();
    await verifyUpdates([alice, bob, carol], async () => {
      await share(alice, id, live('near', 100));
      const shared = await share(bob, id, live('far'), as);
      await bob.main.change(edit(bob, id, shared, { media: live('near') }));
      const { message } = await carol.main.seesUpdate('updateNewChannelMessage', (update) => update.message._ === 'messageService' && update.message.action._ === 'messageActionGeoProximityReached');
      expect(message).toMatchObject({ fromId: peerOf(news), action: { fromId: peerOf(news), toId: { userId: alice.id } } });
      const { id: text } = await send(bob, id, 'from the editors', as);
      await bob.main.change(edit(bob, id, text, { message: 'from all editors' }));
      await carol.sees('from all editors');
      await bob.main.call(remove(bob, id, [text]));
    });
    const log = async (ask: Partial<tl.channels.RawGetAdminLogRequest>): Promise<tl.TypeChannelAdminLogEvent[]> => {
      const filter: tl.RawChannelAdminLogEventsFilter = { _: 'channelAdminLogEventsFilter', edit: true, delete: true };
      return (await alice.main.call({ _: 'channels.getAdminLog', channel: alice.main.inputChannel(id), q: '', eventsFilter: filter, maxId: Long.ZERO, minId: Long.ZERO, limit: 10, ...ask })).events;
    };
    // The account that stands for channels, as clients know it.
    expect((await log({})).map(({ userId, action }) => [userId, action._])).toEqual([
      [136_817_688, 'channelAdminLogEventActionDeleteMessage'],
      [136_817_688, 'channelAdminLogEventActionEditMessage'],
    ]);
    expect(await log({ admins: [alice.main.inputUser(bob.id)] })).toEqual([]);
    expect(await log({ q: 'Bob' })).toEqual([]);
  });

  test('is named in the log by what an admin does with the messages of others, and by a pin', async () => {
    const { id, alice, bob, as } = await maskedStage();
    await promoteIn(alice, id, bob, { deleteMessages: true, pinMessages: true });
    const { id: other } = await send(alice, id, 'rude');
    const { id: own } = await send(bob, id, 'from the editors', as);
    await bob.main.call(remove(bob, id, [other]));
    await bob.main.change({ _: 'messages.updatePinnedMessage', peer: bob.main.inputPeer(id), id: own });
    const { events } = await alice.main.call({ _: 'channels.getAdminLog', channel: alice.main.inputChannel(id), q: '', admins: [alice.main.inputUser(bob.id)], maxId: Long.ZERO, minId: Long.ZERO, limit: 10 });
    expect(events.map(({ action }) => action._)).toEqual(['channelAdminLogEventActionUpdatePinned', 'channelAdminLogEventActionDeleteMessage']);
  });

  test('edits and deletes nothing while a channel of theirs is banned, or once the channel has another creator', async () => {
    const { id, alice, bob, carol, news, as } = await maskedStage();
    const { id: text } = await send(bob, id, 'nonsense', as);
    const shared = await share(bob, id, live('far'), as);
    const { id: own } = await send(bob, id, 'my own words', SELF);
    await alice.sees('nonsense');
    const ban = (viewMessages: boolean): Promise<unknown> => alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(news), bannedRights: { _: 'chatBannedRights', viewMessages, untilDate: 0 } });
    const notTheirs = { code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' };
    const isRefused = async (): Promise<void> => {
      expect(await bob.main.fails(edit(bob, id, text, { message: 'more nonsense' }))).toEqual(notTheirs);
      expect(await bob.main.fails(edit(bob, id, shared, { media: live('near') }))).toEqual(notTheirs);
      expect(await bob.main.fails({ _: 'messages.getMessageEditData', peer: bob.main.inputPeer(id), id: text })).toEqual(notTheirs);
      expect(await bob.main.fails(remove(bob, id, [text]))).toEqual({ code: 403, text: 'MESSAGE_DELETE_FORBIDDEN' });
    };
    await verifyUpdates([alice, bob, carol], async () => {
      await ban(true);
      await isRefused();
      await bob.main.change(edit(bob, id, own, { message: 'my own words again' }));
      await ban(false);
      await bob.main.change(edit(bob, id, text, { message: 'sense' }));
    });
    // Without its username the channel writes nothing new, but its messages stay its own.
    await setPublic(bob, news, false);
    await bob.main.change(edit(bob, id, text, { message: 'more sense' }));
    await sql`UPDATE channel_members SET role = 'admin' WHERE channel_id = ${BigInt(plainId(news))} AND user_id = ${BigInt(bob.id)}`.execute(scenario.server.db.q);
    await isRefused();
  });
});

test('a banned channel writes no more, nor do the other channels of its creator, who is not shown instead', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const [news, sports] = [await createChannel(bob, 'broadcast'), await createChannel(bob, 'broadcast')];
  for (const [creator, channel] of [[alice, id], [bob, news], [bob, sports]] as const) await setPublic(creator, channel);
  await bob.main.call(save(bob, id, bob.main.inputPeer(news)));
  await send(bob, id, 'nonsense');
  await alice.sees('nonsense');
  const channel = alice.main.inputChannel(id);
  const participant = alice.main.inputPeer(news);
  const edit = (viewMessages: boolean): tl.channels.RawEditBannedRequest => ({ _: 'channels.editBanned', channel, participant, bannedRights: { _: 'chatBannedRights', viewMessages, untilDate: 0 } });
  const listKicked = async (): Promise<tl.TypeChannelParticipant[]> => {
    const list = await alice.main.call({ _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsKicked', q: '' }, offset: 0, limit: 10, hash: Long.ZERO });
    return (list as tl.channels.RawChannelParticipants).participants;
  };
  const refused = { code: 400, text: 'SEND_AS_PEER_INVALID' };
  expect(await carol.main.fails({ ...edit(true), channel: carol.main.inputChannel(id), participant: alice.main.inputPeer(news) })).toMatchObject({ code: 400 });
  await verifyUpdates([alice, bob, carol], async () => {
    await alice.main.change(edit(true));
    expect(await bob.main.fails(sendCall(bob, id, 'more of it'))).toEqual(refused);
    for (const as of [news, sports]) expect(await bob.main.fails(sendCall(bob, id, 'more of it', bob.main.inputPeer(as)))).toEqual(refused);
    expect(await offeredTo(bob, id)).toEqual([{ _: 'peerUser', userId: bob.id }, peerOf(news)]);
    expect(await shownTo(bob, id)).toEqual(peerOf(news));
    expect(await send(bob, id, 'sorry', SELF)).toMatchObject({ fromId: { userId: bob.id } });
  });
  const banned = { _: 'channelParticipantBanned', peer: peerOf(news), kickedBy: alice.id, bannedRights: { viewMessages: true } };
  expect(await listKicked()).toMatchObject([banned]);
  expect(await alice.main.call({ _: 'channels.getParticipant', channel, participant })).toMatchObject({ participant: banned });
  await alice.main.change(edit(false));
  expect(await listKicked()).toEqual([]);
  expect(await send(bob, id, 'again')).toMatchObject({ fromId: peerOf(news) });
  expect(await alice.main.fails({ ...edit(true), participant: alice.main.inputPeer(id) })).toEqual({ code: 400, text: 'PARTICIPANT_ID_INVALID' });
});

test('who may not choose is refused', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const news = await createChannel(alice, 'broadcast');
  await inviteTo(alice, news, [bob]);
  expect(await bob.main.fails(save(bob, id, bob.main.inputPeer(id)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
  expect(await alice.main.fails(save(alice, id, alice.main.inputPeer(bob.id)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
  expect(await alice.main.fails({ ...save(alice, id, SELF), peer: SELF })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  // Carol is not in the channel, so she cannot name it.
  expect(await carol.main.fails(sendCall(carol, id, 'x', alice.main.inputPeer(news)))).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
  expect(await alice.main.fails({ ...sendCall(alice, id, 'x', alice.main.inputPeer(news)), peer: alice.main.inputPeer(bob.id) })).toEqual({ code: 400, text: 'SEND_AS_PEER_INVALID' });
  const group = await createGroup(alice, [bob]);
  const ask = (peer: tl.TypeInputPeer): tl.channels.RawGetSendAsRequest => ({ _: 'channels.getSendAs', peer });
  expect(await alice.main.fails(ask(group.peer))).toEqual({ code: 400, text: 'CHAT_ID_INVALID' });
  expect(await alice.main.fails(ask(SELF))).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
  const [dora] = (await people(scenario, 'Dora')) as [Actor];
  expect(await dora.main.fails(ask(alice.main.inputPeer(id)))).toEqual({ code: 400, text: 'CHANNEL_INVALID' });
  expect(await offeredTo(alice, news)).toEqual([peerOf(news)]);
});

test('typing shows the channel in whose name somebody writes, and not the person', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const news = await createChannel(bob, 'broadcast');
  for (const [creator, channel] of [[alice, id], [bob, news]] as const) await setPublic(creator, channel);
  const peer = bob.main.inputPeer(id);
  await bob.main.call({ _: 'messages.saveDefaultSendAs', peer, sendAs: bob.main.inputPeer(news) });
  await bob.main.call({ _: 'messages.setTyping', peer, action: { _: 'sendMessageTypingAction' } });
  expect(await carol.main.seesUpdate('updateChannelUserTyping')).toMatchObject({ fromId: peerOf(news) });
});
