import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, postIn, promoteIn } from './channel-stage.ts';
import { createGroup, people, write } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const SELF: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };
const plainId = (id: number): bigint => BigInt(-id - 1_000_000_000_000);

const forwardOf = (fromPeer: tl.TypeInputPeer, toPeer: tl.TypeInputPeer, id: number[], more: Partial<tl.messages.RawForwardMessagesRequest> = {}): tl.messages.RawForwardMessagesRequest => ({
  _: 'messages.forwardMessages', fromPeer, toPeer, id, randomId: id.map(() => randomLong()), ...more,
});

/** The new messages in the answer to a forward. */
async function forward(actor: Actor, ...call: Parameters<typeof forwardOf>): Promise<tl.RawMessage[]> {
  const { updates } = (await actor.main.change(forwardOf(...call))) as tl.RawUpdates;
  return updates.flatMap((update) => (update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage' ? [update.message as tl.RawMessage] : []));
}

test('messages are forwarded from each kind of chat to each other', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const group = await createGroup(alice, [bob, carol]);
  const supergroup = await createChannel(alice, 'megagroup');
  const news = await createChannel(alice, 'broadcast');
  for (const id of [supergroup, news]) await inviteTo(alice, id, [bob, carol]);
  const places = [
    { name: 'private', peer: alice.main.inputPeer(bob.id), seenBy: [bob] },
    { name: 'saved', peer: SELF, seenBy: [] },
    { name: 'group', peer: group.peer, seenBy: [bob, carol] },
    { name: 'supergroup', peer: alice.main.inputPeer(supergroup), seenBy: [bob, carol] },
    { name: 'news', peer: alice.main.inputPeer(news), seenBy: [bob, carol] },
  ];
  const ids = new Map<string, number>();
  for (const { name, peer } of places) {
    const answer = await alice.main.change({ _: 'messages.sendMessage', peer, message: `from ${name}`, randomId: randomLong(), silent: true, entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }] });
    const named = answer._ === 'updates' ? answer.updates.find((update) => update._ === 'updateMessageID') : undefined;
    ids.set(name, named?.id ?? (await alice.main.sees(`from ${name}`)).id);
  }
  await carol.sees('from news');
  await carol.main.goOffline();
  await verifyUpdates([alice, bob, carol], async () => {
    for (const from of places) {
      for (const to of places) {
        const [sent] = await forward(alice, from.peer, to.peer, [ids.get(from.name)!]);
        const fromId = from.name === 'news' ? { _: 'peerChannel', channelId: Number(plainId(news)) } : { _: 'peerUser', userId: alice.id };
        expect(sent, `${from.name} to ${to.name}`).toMatchObject({ message: `from ${from.name}`, silent: false, fwdFrom: { fromId }, entities: [{ _: 'messageEntityBold', length: 4 }] });
        expect(sent!.fwdFrom!.channelPost).toBe(from.name === 'news' ? ids.get('news') : undefined);
        if (to.name === 'saved') expect(sent!.fwdFrom).toMatchObject({ savedFromMsgId: ids.get(from.name) });
        else expect(sent!.fwdFrom!.savedFromMsgId).toBeUndefined();
      }
    }
    await bob.sees('from news');
  });
  await carol.main.goOnline();
  await carol.main.catchUp();
  await carol.main.waitUntil('the last forward', () => {
    const last = carol.main.find('from news')?.raw as { fwd_from?: unknown } | undefined;
    return last?.fwd_from !== undefined;
  });
  await verifyUpdates([carol], async () => write(alice, group, 'that was all'));
});

describe('the header of a forward', () => {
  test('names the channel, the post and its signature, also when it is forwarded again', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    await verifyUpdates([alice, bob], async () => {
      const plain = await postIn(alice, id, 'unsigned');
      await alice.main.change({ _: 'channels.toggleSignatures', channel: alice.main.inputChannel(id), signaturesEnabled: true, profilesEnabled: true });
      const signed = await postIn(alice, id, 'signed');
      await bob.sees('signed');
      const fromId = { _: 'peerChannel', channelId: Number(plainId(id)) };
      const copies = await forward(bob, bob.main.inputPeer(id), bob.main.inputPeer(alice.id), [plain, signed]);
      expect(copies).toMatchObject([{ fwdFrom: { fromId, channelPost: plain } }, { fwdFrom: { fromId, channelPost: signed, postAuthor: expect.stringContaining('Alice') as string } }]);
      expect(copies[0]!.fwdFrom!.postAuthor).toBeUndefined();
      const [again] = await forward(bob, bob.main.inputPeer(alice.id), SELF, [copies[1]!.id]);
      expect(again!.fwdFrom).toMatchObject({ fromId, channelPost: signed, postAuthor: copies[1]!.fwdFrom!.postAuthor, savedFromPeer: { _: 'peerUser', userId: alice.id }, savedFromMsgId: copies[1]!.id });
    });
  });

  test('names the group, not its anonymous admin', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    await promoteIn(alice, id, alice, { anonymous: true });
    const msgId = await postIn(alice, id, 'the group speaks');
    await bob.sees('the group speaks');
    await verifyUpdates([alice, bob], async () => {
      const [copy] = await forward(bob, bob.main.inputPeer(id), SELF, [msgId]);
      expect(copy!.fwdFrom).toMatchObject({ fromId: { _: 'peerChannel', channelId: Number(plainId(id)) }, savedFromMsgId: msgId });
      expect(copy!.fwdFrom!.channelPost).toBeUndefined();
      expect(JSON.stringify(copy)).not.toContain(String(alice.id));
    });
  });

  test('does not link to an author whose privacy forbids it, and is left out on request', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    await alice.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyForwards' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    const msgId = await postIn(alice, id, 'quote me');
    await bob.sees('quote me');
    const [hidden] = await forward(bob, bob.main.inputPeer(id), SELF, [msgId]);
    expect(hidden!.fwdFrom!.fromId).toBeUndefined();
    expect(hidden!.fwdFrom!.fromName).toContain('Alice');
    const [bare] = await forward(bob, bob.main.inputPeer(id), SELF, [msgId], { dropAuthor: true });
    expect(bare!.fwdFrom).toBeUndefined();
  });
});

test('captions are left out on request', async () => {
  const { id, alice } = await channelStage(scenario);
  const media: tl.RawInputMediaGeoPoint = { _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPoint', lat: 1, long: 2 } };
  const { updates } = (await alice.main.change({ _: 'messages.sendMedia', peer: alice.main.inputPeer(id), media, message: 'the crag', randomId: randomLong() })) as tl.RawUpdates;
  const { id: msgId } = updates[0] as tl.RawUpdateMessageID;
  const [full] = await forward(alice, alice.main.inputPeer(id), SELF, [msgId], { dropAuthor: true });
  const [bare] = await forward(alice, alice.main.inputPeer(id), SELF, [msgId], { dropAuthor: true, dropMediaCaptions: true });
  expect([full!.message, bare!.message, bare!.media?._]).toEqual(['the crag', '', 'messageMediaGeo']);
});

test('messages that are forwarded together keep their order and their replies to each other', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const first = await postIn(alice, id, 'question');
  const { updates } = (await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(id), message: 'answer', randomId: randomLong(), replyTo: { _: 'inputReplyToMessage', replyToMsgId: first } })) as tl.RawUpdates;
  const { id: second } = updates[0] as tl.RawUpdateMessageID;
  const other = await createChannel(alice, 'broadcast');
  await inviteTo(alice, other, [bob]);
  await verifyUpdates([alice, bob], async () => {
    const call = forwardOf(alice.main.inputPeer(id), alice.main.inputPeer(other), [first, second]);
    const once = (await alice.main.change(call)) as tl.RawUpdates;
    const copies = once.updates.flatMap((update) => (update._ === 'updateNewChannelMessage' ? [update.message as tl.RawMessage] : []));
    expect(copies.map(({ message, replyTo }) => [message, replyTo && 'replyToMsgId' in replyTo ? replyTo.replyToMsgId : undefined])).toEqual([['question', undefined], ['answer', copies[0]!.id]]);
    const again = (await alice.main.change(call)) as tl.RawUpdates;
    expect(again.updates).toEqual(once.updates);
    await bob.main.waitUntil('the copies', () => bob.main.state.channels.find(other)?.box.messages.has(copies[1]!.id) === true);
  });
});

describe('a forward is refused', () => {
  test('from a channel that the forwarder may not read, and of what does not exist', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const msgId = await postIn(alice, id, 'inside');
    const fails = (actor: Actor, from: tl.TypeInputPeer, ids: number[], more: Partial<tl.messages.RawForwardMessagesRequest> = {}): Promise<string> =>
      actor.main.fails(forwardOf(from, SELF, ids, more)).then(({ text }) => text);
    const peer = bob.main.inputPeer(id);
    expect(await fails(bob, peer, [1])).toBe('MESSAGE_ID_INVALID');
    expect(await fails(bob, peer, [999])).toBe('MESSAGE_ID_INVALID');
    expect(await fails(bob, peer, [])).toBe('MESSAGE_IDS_EMPTY');
    expect(await fails(bob, peer, [msgId], { randomId: [] })).toBe('RANDOM_ID_INVALID');
    expect(await fails(bob, alice.main.inputPeer(id), [msgId])).toBe('CHANNEL_INVALID');
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
    expect(await fails(bob, peer, [msgId])).toBe('CHANNEL_PRIVATE');
  });

  test('to a channel in which the forwarder may not write, or only one message at a time', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const news = await createChannel(alice, 'broadcast');
    await inviteTo(alice, news, [bob]);
    const ids = [await postIn(alice, id, 'one'), await postIn(alice, id, 'two')];
    const [peer, readOnly] = [bob.main.inputPeer(id), bob.main.inputPeer(news)];
    const fails = (...call: Parameters<typeof forwardOf>): Promise<string> => bob.main.fails(forwardOf(...call)).then(({ text }) => text);
    expect(await fails(peer, readOnly, ids)).toBe('CHAT_ADMIN_REQUIRED');
    await alice.main.change({ _: 'channels.toggleSlowMode', channel: alice.main.inputChannel(id), seconds: 3600 });
    expect(await fails(peer, peer, ids)).toBe('SLOWMODE_MULTI_MSGS_DISABLED');
    const one = forwardOf(peer, peer, ids.slice(0, 1));
    const first = (await bob.main.change(one)) as tl.RawUpdates;
    expect(await fails(peer, peer, ids.slice(1))).toMatch(/^SLOWMODE_WAIT_/);
    expect(((await bob.main.change(one)) as tl.RawUpdates).updates).toEqual(first.updates);
    expect(await alice.main.change(forwardOf(alice.main.inputPeer(id), alice.main.inputPeer(id), ids))).toMatchObject({ _: 'updates' });
  });
});

test('what is gone is left out of a forward, in every chat and when the call is repeated', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const group = alice.main.inputPeer(id);
  const [kept, gone] = [await postIn(alice, id, 'kept'), await postIn(alice, id, 'gone')];
  await alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [gone] });
  await alice.meet(bob);
  await verifyUpdates([alice, bob], async () => {
    for (const toPeer of [SELF, alice.main.inputPeer(bob.id), group]) {
      const call = forwardOf(group, toPeer, [gone, kept]);
      const { updates } = (await alice.main.change(call)) as tl.RawUpdates;
      expect(updates.filter((update) => update._ === 'updateMessageID')).toMatchObject([{ randomId: call.randomId[1] }]);
      expect(updates.filter((update) => update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage')).toMatchObject([{ message: { message: 'kept' } }]);
      expect(((await alice.main.change(call)) as tl.RawUpdates).updates).toEqual(updates);
    }
  });
  expect(await alice.main.fails(forwardOf(group, SELF, [gone]))).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
});
