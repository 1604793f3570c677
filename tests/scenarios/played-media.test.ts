import { randomBytes } from 'node:crypto';
import { type Actor, type Device, findSentId, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo } from './channel-stage.ts';
import { sendMedia, upload } from './file-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Media to send: a voice message, or a round video message. */
async function recording(device: Device, kind: 'voice' | 'round' = 'voice'): Promise<tl.RawInputMediaUploadedDocument> {
  const attribute: tl.TypeDocumentAttribute =
    kind === 'voice' ? { _: 'documentAttributeAudio', voice: true, duration: 3, waveform: randomBytes(63) } : { _: 'documentAttributeVideo', roundMessage: true, duration: 3, w: 384, h: 384 };
  return { _: 'inputMediaUploadedDocument', file: await upload(device, { bytes: randomBytes(3000), name: 'note' }), mimeType: kind === 'voice' ? 'audio/ogg' : 'video/mp4', attributes: [attribute] };
}

/** Posts a voice message in a channel. @returns its id */
async function postVoice(device: Device, id: number, caption: string): Promise<number> {
  const { updates } = (await device.change({ _: 'messages.sendMedia', peer: device.inputPeer(id), media: await recording(device), message: caption, randomId: randomLong() })) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
}

const isUnplayed = (device: Device, msgId: number): boolean => device.state.messages.get(msgId)?.raw.media_unread === true;
const isUnplayedPost = (actor: Actor, id: number, msgId: number): boolean => actor.main.state.channels.find(id)!.box.messages.get(msgId)?.raw.media_unread === true;

test.each(['voice', 'round'] as const)('a %s message is unplayed on both sides until the receiver plays it, on all devices of both; a repeat changes nothing', async (kind) => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  const [tablet, phone] = [await bob.device(), await alice.device()];
  await verifyUpdates([alice, bob], async () => {
    const sent = await sendMedia(alice.main, await recording(alice.main, kind), { peer: alice.main.inputPeer(bob.id), caption: 'listen' });
    const got = await bob.sees('listen');
    await tablet.sees('listen');
    await phone.sees('listen');
    expect([isUnplayed(alice.main, sent), isUnplayed(bob.main, got.id)]).toEqual([true, true]);
    // The author plays it for nobody.
    expect(await alice.main.change({ _: 'messages.readMessageContents', id: [sent] })).toMatchObject({ ptsCount: 0 });
    await phone.goOffline();
    expect(await bob.main.change({ _: 'messages.readMessageContents', id: [got.id] })).toMatchObject({ ptsCount: 1 });
    await alice.main.seesUpdate('updateReadMessagesContents', ({ messages }) => messages[0] === sent);
    await tablet.seesUpdate('updateReadMessagesContents', ({ messages }) => messages[0] === got.id);
    expect(await bob.main.change({ _: 'messages.readMessageContents', id: [got.id] })).toMatchObject({ ptsCount: 0 });
    await phone.goOnline();
    await phone.catchUp();
    expect([alice.main, phone].map((device) => isUnplayed(device, sent))).toEqual([false, false]);
    expect([bob.main, tablet].map((device) => isUnplayed(device, got.id))).toEqual([false, false]);
  });
});

test('a forwarded voice message is unplayed again; what one sends to oneself, music, and reading the history mark nothing', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  await verifyUpdates([alice, bob], async () => {
    await sendMedia(alice.main, await recording(alice.main), { peer: alice.main.inputPeer(bob.id), caption: 'first' });
    const got = await bob.sees('first');
    await bob.read(got);
    expect(isUnplayed(bob.main, got.id)).toBe(true);
    await bob.main.change({ _: 'messages.readMessageContents', id: [got.id] });
    const forwarded = await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), toPeer: bob.main.inputPeer(alice.id), id: [got.id], randomId: [randomLong()] });
    expect(isUnplayed(bob.main, findSentId(forwarded))).toBe(true);
    const own = await sendMedia(bob.main, await recording(bob.main), { peer: { _: 'inputPeerSelf' } });
    expect(isUnplayed(bob.main, own)).toBe(false);
    const music = { ...(await recording(bob.main)), mimeType: 'audio/mpeg', attributes: [{ _: 'documentAttributeAudio', duration: 3, title: 'a song' }] as tl.TypeDocumentAttribute[] };
    expect(isUnplayed(bob.main, await sendMedia(bob.main, music, { peer: bob.main.inputPeer(alice.id), caption: 'a song' }))).toBe(false);
    await alice.sees('a song');
  });
});

test('in a basic group each member plays a voice message for themselves, and the first one for its author', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const group = await createGroup(alice, [bob, carol]);
  await verifyUpdates([alice, bob, carol], async () => {
    const sent = await sendMedia(alice.main, await recording(alice.main), { peer: group.peer, caption: 'all of you' });
    const [ofBob, ofCarol] = [await bob.sees('all of you'), await carol.sees('all of you')];
    await bob.main.change({ _: 'messages.readMessageContents', id: [ofBob.id] });
    await alice.main.seesUpdate('updateReadMessagesContents', ({ messages }) => messages[0] === sent);
    expect([isUnplayed(bob.main, ofBob.id), isUnplayed(carol.main, ofCarol.id)]).toEqual([false, true]);
    await carol.main.change({ _: 'messages.readMessageContents', id: [ofCarol.id] });
    expect(isUnplayed(carol.main, ofCarol.id)).toBe(false);
  });
  expect(alice.main.events.filter(({ _: kind }) => kind === 'updateReadMessagesContents')).toHaveLength(1);
});

test('in a supergroup each member plays a voice message for themselves, and the first one for its author; an edit leaves it so', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const tablet = await bob.device();
  await verifyUpdates([alice, bob, carol], async () => {
    const msgId = await postVoice(alice.main, id, 'all of you');
    for (const actor of [bob, carol]) await actor.sees('all of you');
    await tablet.sees('all of you');
    expect([alice, bob, carol].map((actor) => isUnplayedPost(actor, id, msgId))).toEqual([true, true, true]);
    const play: tl.channels.RawReadMessageContentsRequest = { _: 'channels.readMessageContents', channel: bob.main.inputChannel(id), id: [msgId] };
    await bob.main.change(play);
    await alice.main.seesUpdate('updateChannelReadMessagesContents', ({ messages }) => messages[0] === msgId);
    await tablet.seesUpdate('updateChannelReadMessagesContents', ({ messages }) => messages[0] === msgId);
    await bob.main.change(play);
    expect([alice, bob, carol].map((actor) => isUnplayedPost(actor, id, msgId))).toEqual([false, false, true]);
    await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: msgId, message: 'edited' });
    for (const actor of [bob, carol]) await actor.sees('edited');
    expect([alice, bob, carol].map((actor) => isUnplayedPost(actor, id, msgId))).toEqual([false, false, true]);
  });
  expect(carol.main.events.some(({ _: kind }) => kind === 'updateChannelReadMessagesContents')).toBe(false);
});

test('a voice message that mentions a member is played with the mention; in a broadcast channel subscribers play posts', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const name = `bob_sings_${bob.id}`;
  await bob.main.call({ _: 'account.updateUsername', username: name });
  const news = await createChannel(alice, 'broadcast', 'News');
  await inviteTo(alice, news, [bob]);
  await verifyUpdates([alice, bob, carol], async () => {
    const msgId = await postVoice(alice.main, id, `@${name}, listen`);
    await bob.sees(`@${name}, listen`);
    await bob.main.change({ _: 'messages.readMentions', peer: bob.main.inputPeer(id) });
    await alice.main.seesUpdate('updateChannelReadMessagesContents', ({ messages }) => messages[0] === msgId);
    expect(isUnplayedPost(bob, id, msgId)).toBe(false);
    const post = await postVoice(alice.main, news, 'the news');
    await bob.sees('the news');
    expect(isUnplayedPost(bob, news, post)).toBe(true);
    await bob.main.change({ _: 'channels.readMessageContents', channel: bob.main.inputChannel(news), id: [post] });
    expect(isUnplayedPost(bob, news, post)).toBe(false);
  });
});

test('a voice message in a supergroup counts as played after a week', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const msgId = await postVoice(alice.main, id, 'old news');
  await bob.sees('old news');
  await bob.main.change({ _: 'channels.readMessageContents', channel: bob.main.inputChannel(id), id: [msgId] });
  const { db } = scenario.server;
  const markOf = async (actor: Actor): Promise<boolean | undefined> => {
    const found = await actor.main.call({ _: 'channels.getMessages', channel: actor.main.inputChannel(id), id: [{ _: 'inputMessageID', id: msgId }] });
    return ((found as tl.messages.RawChannelMessages).messages[0] as tl.RawMessage).mediaUnread;
  };
  expect(await markOf(carol)).toBe(true);
  await db.q.updateTable('channel_messages').set((eb) => ({ date: eb('date', '-', 7 * 86_400) })).where('channel_id', '=', BigInt(-id) - 10n ** 12n).where('msg_id', '=', msgId).execute();
  expect(await markOf(carol)).toBe(false);
});
